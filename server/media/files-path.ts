/** Where files are given out. */

/** Below it stand the files: `/media/NAME`, and `/media/NAME/what-its-sender-calls-it` for what is saved. */
export const FILES_PATH = "/media/";

/** Below it stand stills of films by the films' names: given out before they are made. */
export const STILLS_PATH = `${FILES_PATH}still/`;
