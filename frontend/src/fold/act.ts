/** What a fold reads: what the person did, in order; when she did it plays no part. */

import type { TaskEntry } from "../record/records.gen";
import type { Note } from "../record/sink";

export type Act = Note<TaskEntry>;
