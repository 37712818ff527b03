/** Where files are given out. */

/** Below it stand the files: `/media/NAME`, and `/media/NAME/what-its-sender-calls-it` for what is saved. */
export const FILES_PATH = "/media/";
