import type { Project } from "./project.ts";
import { nodeProjects } from "./templates/node.ts";
import { otherProjects } from "./templates/other-languages.ts";
import { webProject } from "./templates/web.ts";

/** Every project that `generate` can write, in the order of its help text. */
export const projects: readonly Project[] = [webProject, ...nodeProjects, ...otherProjects];
