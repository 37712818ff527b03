/** The composition root: builds every part in order, and stops them in reverse. */
import { Elysia } from "elysia";
import { assetPath } from "../web/assets/index.ts";
import { WEB_RATES } from "../web/face.ts";
import { routes as webRoutes } from "../web/routes.ts";
import type { Groups } from "./accounts/groups.ts";
import type { Leaving } from "./accounts/leaving.ts";
import { api } from "./api/index.ts";
import { createAway } from "./away.ts";
import { createCopying } from "./copying.ts";
import { isOutOfSight } from "./core/entity.ts";
import { createDomainParts } from "./domains.ts";
import { openElsewhere } from "./elsewhere.ts";
import { type Federation, federate } from "./federate.ts";
import { createNodeinfo } from "./federation/nodeinfo.ts";
import { createFederationFace } from "./federation/routes.ts";
import { createServe } from "./federation/serve.ts";
import { findMemberAt } from "./federation/store-groups.ts";
import { parseHandle } from "./federation/webfinger.ts";
import { createFiling, type Filing, mediaOriginOf } from "./filing.ts";
import { createFront } from "./front.ts";
import { createGrouping } from "./grouping.ts";
import { connectionOf } from "./http/connection.ts";
import { createCookies } from "./http/cookies.ts";
import { createCsrf } from "./http/csrf.ts";
import type { Edge } from "./http/edge.ts";
import { health } from "./http/health.ts";
import { createFailureHandler, problemJson } from "./http/problems.ts";
import { createRateLimits } from "./http/rate-limit.ts";
import { createServer } from "./http/server.ts";
import { createViewers } from "./http/viewer.ts";
import { atMost } from "./jobs/job.ts";
import { createSchedule } from "./jobs/schedule.ts";
import { createWorker, type Worker } from "./jobs/worker.ts";
import { createJsonld } from "./jsonld/jsonld.ts";
import type { Now } from "./lib/clock.ts";
import { endAll } from "./lib/ends.ts";
import type { Fetch } from "./lib/fetch.ts";
import type { Log } from "./lib/log.ts";
import { Problem } from "./lib/problem.ts";
import { createHub } from "./live/hub.ts";
import { maintenance } from "./maintenance.ts";
import type { AwayMedia } from "./media/away.ts";
import { createHouse } from "./moving.ts";
import { routes as oauthRoutes, type Profile } from "./oauth/provider/routes.ts";
import { allows } from "./oauth/provider/scopes.ts";
import { createOffering, type Offering } from "./offering.ts";
import { type Opened, type OpenOptions, open } from "./open.ts";
import { createOperations } from "./operations.ts";
import { outgoing } from "./outgoing.ts";
import { createPeace, type Peace } from "./peace.ts";
import { createPushing } from "./pushing.ts";
import { createQueries } from "./queries/create.ts";
import type { Queries } from "./queries/queries.ts";
import type { Config } from "./settings.ts";
import { TELL, tellJob } from "./telling.ts";
import { fullVersion } from "./version.ts";

export interface AppOptions extends OpenOptions {
  readonly config: Config;
  readonly log: Log;
  readonly now: Now;
  /** Path of the program that makes stills of films; null for none, and where it is installed when nothing is said. */
  readonly ffmpeg?: string | null;
}

export interface App {
  readonly opened: Opened;
  readonly federation: Federation;
  readonly peace: Peace;
  readonly groups: Groups;
  readonly leaving: Leaving;
  readonly queries: Queries;
  readonly offering: Offering;
  readonly worker: Worker;
  /** Files of people here. */
  readonly filing: Filing;
  /** Media of other servers, shown through this one. */
  readonly media: AwayMedia;
  /** Answers a request, with or without a socket. */
  readonly edge: Edge;
  /** Everything that is mounted, so that a test can hold each to the scope that it needs. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** Begins to work on jobs and to listen; gives the port. */
  start(): Promise<number>;
  stop(): Promise<void>;
}

const RATES = {
  ...WEB_RATES,
  "oauth-register": { burst: 30, everyMs: 60_000 },
  /** A page of pictures that nobody here has seen costs twenty; a class sits behind one address. */
  "remote-media": { burst: 600, everyMs: 50 },
  "oauth-token": { burst: 100, everyMs: 1_000 },
} as const;

/** Throws Problem, with nothing left open, where a setting, an extension or the database is not in order. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, log, now } = options;
  const fetch = options.fetch ?? (await outgoing(config, now));
  const opened = await open(config, log, now, { ...options, fetch });
  try {
    return await build(options, opened, fetch);
  } catch (error) {
    // The database has a thread of its own, which would keep the process alive.
    await opened.stop();
    throw error;
  }
}

async function build(options: AppOptions, opened: Opened, fetch: Fetch): Promise<App> {
  const { config, log, now } = options;
  const startedMs = now();
  const { db, addresses, registry, queue, accounts, oauth } = opened;
  const isSecure = config.origin.startsWith("https:");
  const host = new URL(config.origin).host;

  const jsonld = createJsonld({ vocabularies: registry.extensions });
  const pushing = await createPushing({ opened, now });
  const federation = federate({
    opened,
    jsonld,
    fetch,
    now,
    log,
    isInsecure: config.insecureFederation,
    worker: () => worker,
  });
  const { core, look, webfinger } = federation;
  const away = await createAway({ opened, config, fetch, now, log, rules: opened.gate });
  const queries = createQueries({ ...opened, now, log, look, pictures: away.pictures });
  const push = { publicKey: pushing.vapid.publicKey, subscriptions: opened.pushSubscriptions };
  const rule = { ...accounts.settings, ...accounts.factors };
  const live = await createHub({ db, now, log, listeners: opened.listeners, reads: queries.live, rule });
  const grouping = createGrouping({ opened, federation, now });

  const filing = createFiling({ ...options, opened });
  const { blobs, media } = filing;

  const peace = createPeace({ opened, federation, now, log });
  const house = createHouse({
    opened,
    federation,
    peace,
    groups: grouping.groups,
    config,
    now,
    log,
    blobs,
    publish: jsonld.publish,
  });
  const offering = await createOffering({
    opened,
    federation,
    queries,
    live,
    config,
    now,
    fetch: options.fetch,
  });
  const domainParts = createDomainParts({ opened, fetch, now });
  const copying = createCopying({ db, config, now, log });
  const elsewhere = await openElsewhere({ ...options, opened, federation, outside: fetch });
  const tasks = [
    ...maintenance({ opened, now, log, hosts: federation.hosts, sweepElsewhere: elsewhere.sweep }),
    ...copying.tasks,
    ...peace.tasks,
    ...filing.tasks,
    ...domainParts.tasks,
    ...offering.tasks,
  ];
  const schedule = createSchedule({ db, queue, now, tasks });
  const worker = createWorker({
    db,
    queue,
    now,
    log,
    kinds: {
      ...atMost(config.workers, {
        ...federation.jobs,
        ...peace.jobs,
        ...domainParts.jobs,
        ...house.jobs,
        ...filing.jobs,
        ...offering.jobs,
        ...pushing.jobs({ fetch, queries }),
      }),
      schedule: schedule.kind,
      [TELL]: tellJob(db),
    },
  });

  const cookies = createCookies({ isSecure });
  const viewers = createViewers({
    origin: config.origin,
    cookies,
    findSession: accounts.sessions.find,
    findToken: oauth.tokens.find,
    needsFactor: accounts.factors.isRequired,
    allows,
  });
  const limits = createRateLimits({ now, rates: RATES });
  const onError = createFailureHandler({ log, origin: config.origin, format: problemJson });
  const isShown = async (actor: number) => {
    const [account, entity] = await Promise.all([accounts.people.find(actor), look.byKey(actor)]);
    return account?.state !== "pending" && entity !== null && !isOutOfSight(entity);
  };
  const serve = createServe({
    addresses,
    look,
    publisher: federation.publisher,
    publish: jsonld.publish,
    page: queries.collectionPage,
    memberAt: (asker, object) => findMemberAt(db, asker, object),
    isShown,
  });
  const nodeinfo = createNodeinfo({
    db,
    now,
    origin: config.origin,
    version: fullVersion,
    site: () => ({
      name: accounts.settings.get("siteName"),
      description: accounts.settings.get("description"),
      isOpen: accounts.settings.get("registration") === "open",
      sourceUrl: accounts.settings.get("sourceUrl"),
    }),
  });
  const face = createFederationFace({
    addresses,
    look,
    inbox: federation.inbox,
    serve,
    nodeinfo,
    authenticate: federation.authenticate,
    host,
    onError,
    tokenActor: async (request) => (await viewers.optional(request, "read"))?.actorKey ?? null,
    isShown,
    partialFollowers: federation.synchronise.partial,
    gate: opened.gate,
    networkOf: (request) => connectionOf(request).addressPrefix,
  });
  const findActor = async (written: string): Promise<number | null> => {
    if (/^https?:\/\//.test(written)) return (await look.fetch(written))?.key ?? null;
    const known = await queries.actorByHandle(written);
    if (known !== null) return known.key;
    const iri = parseHandle(written) === null ? null : await webfinger.actorOf(written);
    return iri === null ? null : ((await look.fetch(iri))?.key ?? null);
  };

  const whoAsks = async (request: Request): Promise<Profile> => {
    const viewer = await viewers.require(request, "profile");
    const actor = await queries.actor(viewer.actorKey);
    if (actor === null) throw new Problem("not-found", "There is nobody behind this token.");
    const absolute = (path: string): string => new URL(path, config.origin).href;
    return {
      iri: actor.iri,
      name: viewer.name,
      displayName: actor.name,
      pageUrl: absolute(actor.path),
      pictureUrl: actor.iconUrl && absolute(actor.iconUrl),
    };
  };

  const app = new Elysia({ name: "commons" })
    .use(health({ isReady: () => db.sizeBytes(), onError }))
    .use(face.routes())
    .use(oauthRoutes({ oauth, limit: limits.take, whoAsks, onError }))
    .use(
      api({
        opened,
        federation,
        peace,
        queries,
        live,
        push,
        moving: house.moving,
        offering,
        jsonld,
        media,
        grouping,
        viewers,
        now,
        log,
        onError,
        findActor,
        version: fullVersion,
        counts: nodeinfo.counts,
        pictures: away.pictures,
        iconPath: assetPath("icon-512.png"),
        maxUploadBytes: config.uploadLimit,
      }),
    )
    .use(
      webRoutes({
        origin: config.origin,
        host,
        version: fullVersion,
        now,
        log,
        isInsecure: config.insecureFederation,
        core,
        look,
        addresses,
        accounts,
        elsewhere,
        ...grouping,
        queries,
        live,
        push,
        viewers,
        cookies,
        csrf: createCsrf({ cookies, origin: config.origin }),
        findActor,
        reading: federation.reading,
        consentToQuote: (author, request) => federation.quotes.consent(author, request),
        remoteFollowUrl: (handle, about) => webfinger.subscribeUrl(handle, about),
        limits,
        letters: federation.letters,
        domains: opened.domains,
        gate: opened.gate,
        lists: domainParts.lists,
        audit: domainParts.audit,
        moving: house.moving,
        belongings: house.belongings,
        archives: house.archives,
        leaving: house.leaving,
        relays: federation.relays,
        reports: peace.reports,
        sanctions: peace.sanctions,
        tastes: opened.tastes,
        avoiding: peace.avoiding,
        acquaintances: peace.acquaintances,
        ...offering,
        emoji: opened.emoji,
        consent: oauth.authorize,
        apps: oauth.revocation,
        media,
        mediaOrigin: mediaOriginOf(config),
        maxUploadBytes: config.uploadLimit,
        operations: createOperations({
          opened,
          queries,
          config,
          log,
          now,
          startedMs,
          backup: copying.state,
          pictures: away.cache,
        }),
      }),
    )
    // Last: what no face answered. In front of them it would answer in their place.
    .onError(({ error, request }) => onError({ error, request }));

  const edge = createFront({ app, face, away, filing, viewers, limits, config, now, log, onError });

  let stopServer = async (): Promise<void> => {};
  return {
    opened,
    federation,
    peace,
    groups: grouping.groups,
    leaving: house.leaving,
    queries,
    offering,
    worker,
    filing,
    media: away.media,
    edge,
    routes: app.routes.map(({ method, path }) => ({ method, path })),
    async start() {
      await filing.start();
      away.start();
      house.start();
      await federation.hosts.load();
      await schedule.ensure();
      opened.search.start();
      await copying.start();
      const server = createServer({
        edge,
        log,
        host: config.host,
        port: config.port,
        maxUploadBytes: config.uploadLimit,
        trustedProxies: config.trustedProxies,
        tlsCertFile: config.tlsCertFile,
        tlsKeyFile: config.tlsKeyFile,
      });
      stopServer = server.stop;
      await worker.start();
      return server.port;
    },
    stop: () =>
      endAll([() => stopServer(), live.stop, worker.stop, away.stop, house.stop, opened.stop, copying.stop]),
  };
}
