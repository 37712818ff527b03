/** Debian's ffmpeg, for tests that want real films. */

/** Its path, or null, with a word on the terminal, where it is not installed. */
export function findFfmpeg(): string | null {
  const path = Bun.which("ffmpeg");
  if (path === null) console.warn("ffmpeg is not installed: tests with real films are left out.");
  return path;
}

/** Runs it on a picture and a tone of two seconds, into these files, each with the options for its format. */
export async function makeFilms(
  ffmpeg: string,
  folder: string,
  files: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const child = Bun.spawn({
    cmd: [
      ...[ffmpeg, "-nostdin", "-loglevel", "error", "-y"],
      ...["-f", "lavfi", "-i", "testsrc=duration=2:size=96x64:rate=5"],
      ...["-f", "lavfi", "-i", "sine=duration=2"],
      ...Object.entries(files).flatMap(([name, options]) => [...options, `${folder}/${name}`]),
    ],
    stderr: "pipe",
  });
  if ((await child.exited) !== 0) throw new Error(await new Response(child.stderr).text());
}
