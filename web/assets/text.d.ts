/** Files that are embedded: as text (`with { type: "text" }`), or as a path to their bytes (`with { type: "file" }`). */
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.svg" {
  const text: string;
  export default text;
}
declare module "*.png" {
  const path: string;
  export default path;
}
