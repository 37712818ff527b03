/** What tests use of s3rver, which has no types of its own. */
declare module "s3rver" {
  interface Listing {
    readonly objects: readonly { readonly key: string }[];
    readonly commonPrefixes: readonly string[];
    readonly isTruncated: boolean;
  }
  interface ListOptions {
    readonly delimiter?: string;
    readonly startAfter?: string;
    readonly prefix?: string;
    readonly maxKeys?: number;
  }
  export default class S3rver {
    constructor(options: {
      port: number;
      address: string;
      silent: boolean;
      directory: string;
      configureBuckets: readonly { name: string }[];
    });
    readonly store: { listObjects(bucket: string, options: ListOptions): Promise<Listing> };
    run(): Promise<{ readonly port: number }>;
    close(): Promise<void>;
  }
}
