/** The version of this command and of the mesh that it installs. */
export const VERSION = "0.1.0";
