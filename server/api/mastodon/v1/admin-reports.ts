/** `/api/v1/admin/reports`: what was reported, and what becomes of it. */
import { type AnyElysia, Elysia } from "elysia";
import type { Account } from "../../../accounts/account.ts";
import { mayLookAfter } from "../../../accounts/permissions.ts";
import type { ReportFile } from "../../../moderation/report.ts";
import { fileOf, filesOf, staffOf } from "../admin.ts";
import { adminReportOf } from "../entities/admin.ts";
import { categoryOf } from "../entities/report.ts";
import { type Face, paged, type SignedCall } from "../face.ts";
import { keysOf, notHere } from "../ids.ts";
import { statusesByKeys } from "../statuses.ts";

const READ = "admin:read:reports";
const WRITE = "admin:write:reports";
const PAGE = { default: 40, max: 40 };
/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;

export const adminReportsRoutes = (face: Face): AnyElysia => {
  const { reports } = face;

  async function shown(call: SignedCall, file: ReportFile): Promise<object> {
    const reporter = file.voices[0]?.reporter;
    if (reporter === undefined) throw notHere();
    const [assignee = null] = file.assignee === null ? [] : await filesOf(face, [file.assignee]);
    return adminReportOf(
      {
        file,
        reporter: await fileOf(face, reporter),
        about: await fileOf(face, file.about),
        assignee,
        // What is deleted or hidden by now stands in the evidence, which our own pages show.
        statuses: await statusesByKeys(
          face,
          call,
          file.evidence.map(({ object }) => object),
        ),
      },
      face,
    );
  }

  /** @throws Problem `not-found`, also where it is about whoever asks. */
  async function fileFor(by: Account, key: number): Promise<ReportFile> {
    const file = await reports.get(key);
    if (mayLookAfter(by, file)) return file;
    throw notHere();
  }

  const changing = (change: (by: Account, key: number, call: SignedCall) => Promise<void>) =>
    face.endpoint(WRITE, async (call) => {
      const by = await staffOf(face, call, "handle-reports");
      await fileFor(by, call.key());
      await change(by, call.key(), call);
      return shown(call, await reports.get(call.key()));
    });

  const categorise = changing(async (by, key, { params }) => {
    const category = params.text("category");
    if (category !== null) await reports.categorise(by.key, key, categoryOf(category));
  });

  return new Elysia({ name: "mastodon admin reports" })
    .get(
      "/api/v1/admin/reports",
      face.endpoint(READ, async (call) => {
        const by = await staffOf(face, call, "handle-reports");
        const { params } = call;
        const page = call.page(PAGE);
        const [about] = keysOf([params.text("target_account_id") ?? ""]);
        const [reporter] = keysOf([params.text("account_id") ?? ""]);
        const found = await reports.list({
          states: params.flag("resolved") === true ? ["resolved", "dismissed"] : ["open", "assigned"],
          ...(about === undefined ? {} : { about }),
          ...(mayLookAfter(by, { about: by.key }) ? {} : { notAbout: by.key }),
          ...(reporter === undefined ? {} : { reporter }),
          ...page,
        });
        const files = await Promise.all(found.items.map(({ key }) => reports.get(key)));
        const wanted = files.filter(({ voices }) => voices.length > 0);
        return paged(found, await Promise.all(wanted.map((file) => shown(call, file))));
      }),
    )
    .get(
      "/api/v1/admin/reports/:id",
      face.endpoint(READ, async (call) => {
        const by = await staffOf(face, call, "handle-reports");
        return shown(call, await fileFor(by, call.key()));
      }),
    )
    .put("/api/v1/admin/reports/:id", categorise, RAW)
    .patch("/api/v1/admin/reports/:id", categorise, RAW)
    .post(
      "/api/v1/admin/reports/:id/assign_to_self",
      changing((by, key) => reports.assign(by.key, key, by.key)),
      RAW,
    )
    .post(
      "/api/v1/admin/reports/:id/unassign",
      changing((by, key) => reports.assign(by.key, key, null)),
      RAW,
    )
    .post(
      "/api/v1/admin/reports/:id/resolve",
      changing((by, key) => reports.close(by.key, key, { state: "resolved", outcome: "", tell: [] })),
      RAW,
    )
    .post(
      "/api/v1/admin/reports/:id/reopen",
      changing((by, key) => reports.reopen(by.key, key)),
      RAW,
    ) as unknown as AnyElysia;
};
