/** An S3 server on loopback, for tests. */
import S3rver from "s3rver";

export interface TestS3 {
  readonly endpoint: string;
  /** What s3rver takes for everybody. */
  readonly accessKeyId: "S3RVER";
  readonly secretAccessKey: "S3RVER";
  stop(): Promise<void>;
}

/** Keeps its objects in `directory`, and begins with one empty bucket. */
export async function startS3(directory: string, bucket: string): Promise<TestS3> {
  const server = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory,
    configureBuckets: [{ name: bucket }],
  });
  mendListing(server.store);
  const { port } = await server.run();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId: "S3RVER",
    secretAccessKey: "S3RVER",
    stop: () => server.close(),
  };
}

/** S3 sorts; s3rver does not, and forgets prefixes that lie two folders deep. It lists everything, and we do the rest. */
function mendListing(store: S3rver["store"]): void {
  const listAll = store.listObjects.bind(store);
  store.listObjects = async (bucket, { delimiter = "", maxKeys = Number.POSITIVE_INFINITY, ...options }) => {
    const { objects } = await listAll(bucket, options);
    const sorted = objects.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const start = options.prefix?.length ?? 0;
    const prefixes = new Set<string>();
    const own = sorted.filter(({ key }) => {
      const end = delimiter === "" ? -1 : key.indexOf(delimiter, start);
      if (end >= 0) prefixes.add(key.slice(0, end + delimiter.length));
      return end < 0;
    });
    return {
      objects: own.slice(0, maxKeys),
      commonPrefixes: [...prefixes].sort(),
      isTruncated: own.length > maxKeys,
    };
  };
}
