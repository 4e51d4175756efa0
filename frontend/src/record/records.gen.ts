// Generated from src/sidelight/collect/wire by `python -m sidelight.collect.wire.typescript`. Do not edit.

export type Modality = "mouse" | "touch" | "pen" | "keyboard";

export type Task = "browse" | "tag" | "paint";

export type Stage = "consent" | "practice" | "work" | "done" | "closed";

/** (x, y) in [0, 1] of the image: x to the right, y down. */
export type Place = readonly [number, number];

/** The page appeared: first entry of a segment (a reload, or a return from the back/forward cache, starts one). */
export interface Shown {
  readonly k: "shown";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
}

/** Where everything was from now on; pointer samples are mapped to images with the last one before them. The first of a segment names every image. A later one may leave out those that only moved with the document, by the difference of `scroll`: a page of 48 images would else send 2 KB for every step of scrolling (`wire.boxes.boxes_after` puts them back). */
export interface Layout {
  readonly k: "layout";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  /** width and height of the viewport, CSS px. */
  readonly view: readonly [number, number];
  /** of the document, CSS px. */
  readonly scroll: readonly [number, number];
  /** of the visual viewport (pinch). */
  readonly zoom: number;
  /** device pixels a CSS px. */
  readonly dpr: number;
  /** image id -> (left, top, width, height) of its picture in client px, borders and letterbox excluded. */
  readonly images: Readonly<Record<string, readonly [number, number, number, number]>>;
}

/** The document was hidden or shown. */
export interface Visibility {
  readonly k: "visibility";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly visible: boolean;
}

/** The window lost the focus, or got it. */
export interface Focus {
  readonly k: "focus";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly focused: boolean;
}

/** The pointer came over an image (`inside`), or left it. */
export interface Hover {
  readonly k: "hover";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly image: string;
  readonly inside: boolean;
}

/** An image came into view by at least half (`seen`), or went out. */
export interface OnScreen {
  readonly k: "on_screen";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly image: string;
  readonly seen: boolean;
}

/** An image was loaded, or could not be; it is never replaced by another. */
export interface ImageState {
  readonly k: "image";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly image: string;
  readonly state: "failed" | "loaded";
}

/** A pointer went down, up, or was taken away by the browser. */
export interface Pointer {
  readonly k: "pointer";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly action: "cancel" | "down" | "up";
  readonly by: Modality;
}

/** Browse: an image was selected. `at` is absent when no pointer did it. */
export interface Select {
  readonly k: "select";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly image: string;
  readonly by: Modality;
  /** Default: null. */
  readonly at?: Place | null;
}

/** Browse: an image was de-selected. */
export interface Deselect {
  readonly k: "deselect";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly image: string;
  readonly by: Modality;
  /** Default: null. */
  readonly at?: Place | null;
}

/** Tag: a panel of classes was opened (the first one is opened by the page itself, `by` absent). */
export interface Panel {
  readonly k: "panel";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly panel: number;
  /** Default: null. */
  readonly by?: Modality | null;
}

/** Tag: a class's icon was put onto the image; by keyboard it has no place. */
export interface Add {
  readonly k: "add";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly label: string;
  readonly by: Modality;
  /** Default: null. */
  readonly at?: Place | null;
}

/** Tag: an icon that lies on the image was put elsewhere. */
export interface Move {
  readonly k: "move";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly label: string;
  readonly by: Modality;
  readonly at: Place;
}

/** Tag: an icon was taken away. */
export interface Remove {
  readonly k: "remove";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly label: string;
  readonly by: Modality;
}

/** Tag: an icon was picked up (its path is in the samples); followed by `add`, `move`, `remove` or `put_back`. */
export interface Pick {
  readonly k: "pick";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly label: string;
  readonly by: Modality;
}

/** Tag: a picked icon was let go where it changes nothing. */
export interface PutBack {
  readonly k: "put_back";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly label: string;
  readonly by: Modality;
}

/** Paint: the class was decided; the last decision counts. */
export interface Decide {
  readonly k: "decide";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly label: string;
  readonly by: Modality;
}

/** Paint: a finished stroke. */
export interface Stroke {
  readonly k: "stroke";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  /** brush or eraser. */
  readonly tool: "brush" | "eraser";
  /** of the round tip, in cells of the mask's grid (may be fractional). */
  readonly radius: number;
  /** centres of the tip, x0, y0, x1, y1, ...; whole numbers in 1/16 of a cell. */
  readonly cells: readonly number[];
  /** modality; keyboard strokes are stamps. */
  readonly by: Modality;
}

/** Paint: the last stroke or clearing that still counts was taken back. */
export interface Undo {
  readonly k: "undo";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly by: Modality;
}

/** Paint: the last one that was taken back counts again. */
export interface Redo {
  readonly k: "redo";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly by: Modality;
}

/** Paint: everything painted was removed, in one step that can be undone. */
export interface Clear {
  readonly k: "clear";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  readonly by: Modality;
}

/** How the recorder itself fares. */
export interface Health {
  readonly k: "health";
  /** ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms. */
  readonly t: number;
  /** how many pointer samples of the chunk come before it. */
  readonly i: number;
  /** pointer samples delivered by the browser since the segment began. */
  readonly samples: number;
  /** of these, not kept (a budget was exceeded). */
  readonly dropped: number;
  /** total time spent in the recorder's handlers, estimated: of the frequent ones one in eight is timed. */
  readonly handler_ms: number;
  /** smallest step seen between two time stamps. */
  readonly granularity_ms: number;
}

/** Image id -> where it was last selected (None without a pointer), of the images selected at the end. */
export interface BrowseAnswer {
  readonly task: "browse";
  readonly selected: Readonly<Record<string, Place | null>>;
}

/** Class -> where its icon lies at the end (None without a pointer); and the panels seen, ascending. */
export interface TagAnswer {
  readonly task: "tag";
  readonly icons: Readonly<Record<string, Place | null>>;
  readonly panels: readonly number[];
}

/** The class decided ("" if none), and the mask as run lengths. */
export interface PaintAnswer {
  readonly task: "paint";
  /** the last decision. */
  readonly label: string;
  /** (width, height) of the mask. */
  readonly grid: readonly [number, number];
  /** lengths of alternating runs of 0 and 1, row by row, beginning with 0 (possibly of length 0); their sum is width * height. */
  readonly runs: readonly number[];
}

/** An image of a page. */
export interface Picture {
  /** opaque. */
  readonly id: string;
  /** signed for this session. */
  readonly url: string;
  /** pixels, upright; the box is reserved before it loads. */
  readonly width: number;
  /** pixels. */
  readonly height: number;
  /** what a screen reader says; never the class or the file's name. */
  readonly title: string;
}

/** A class that can be tagged or decided: its name in the data, and what people read. */
export interface ClassOption {
  readonly name: string;
  readonly shown: string;
}

/** Tag: a superclass with its classes, in their order. */
export interface ClassPanel {
  readonly name: string;
  readonly classes: readonly ClassOption[];
}

/** Instructions of a page, as safe HTML made from the requester's Markdown. */
export interface Wording {
  /** plain text. */
  readonly title: string;
  /** safe. */
  readonly html: string;
  /** of the class (browse). Default: []. */
  readonly synonyms: readonly string[];
  /** https address with more about the class; "" if none. Default: "". */
  readonly link: string;
  /** language tag of the texts. Default: "en". */
  readonly locale: string;
}

/** One page to label. */
export interface PageSpec {
  /** of the page within the session's assignment; sent back with chunks and answer. */
  readonly id: string;
  /** browse, tag or paint. */
  readonly task: Task;
  /** from 1. */
  readonly number: number;
  /** pages of the assignment. */
  readonly of: number;
  /** in the order shown; one for tag and paint. */
  readonly pictures: readonly Picture[];
  /** instructions. */
  readonly wording: Wording;
  /** nothing is recorded, and feedback is given. Default: false. */
  readonly practice: boolean;
  /** of the interface: pointer_dot and blurred for browse; recorded with the page. Default: {}. */
  readonly condition: Readonly<Record<string, boolean>>;
  /** tag only. Default: []. */
  readonly panels: readonly ClassPanel[];
  /** paint only. Default: []. */
  readonly classes: readonly ClassOption[];
  /** paint only: (width, height) of the mask. Default: [0,0]. */
  readonly grid: readonly [number, number];
  /** task entries of the page that the service already has, in order (after a reload). Default: []. */
  readonly log: readonly Entry[];
  /** number that this showing of the page takes. Default: 0. */
  readonly segment: number;
}

/** POST /api/arrive: the address's parameters, as they are; the page then removes them from the address bar. */
export interface Arrival {
  readonly parameters: Readonly<Record<string, string>>;
}

/** Answer to an arrival: a bearer token, and where the person is. */
export interface Session {
  /** for the Authorization header; kept in sessionStorage. */
  readonly token: string;
  /** what comes next. */
  readonly stage: Stage;
  /** nothing is recorded (a requester looks at the task). Default: false. */
  readonly preview: boolean;
}

/** GET /api/consent. */
export interface ConsentText {
  /** SHA-256 of the text, sent back with the agreement. */
  readonly version: string;
  /** safe. */
  readonly html: string;
  /** language tag. */
  readonly locale: string;
  /** plain list of what is recorded. */
  readonly recorded: readonly string[];
  /** plain list of what is not. */
  readonly not_recorded: readonly string[];
}

/** POST /api/consent: agreed or not; publication of the byproducts is a choice of its own. */
export interface Agreement {
  readonly version: string;
  readonly agreed: boolean;
  /** Default: false. */
  readonly publish?: boolean;
}

/** GET /api/page: the page to label now, or where the session is instead. */
export interface Next {
  /** of the session; a page comes with `practice` and `work`. */
  readonly stage: Stage;
  /** None otherwise. Default: null. */
  readonly page: PageSpec | null;
  /** lets the person withdraw at any time, without an account. Default: "". */
  readonly withdraw_token: string;
}

/** POST /api/submit. */
export interface Submit {
  /** id of the page. */
  readonly page: string;
  /** of the browser tab. */
  readonly tab: string;
  /** number of the tab's last chunk; -1 when it sent none. */
  readonly last_seq: number;
  /** the client's own fold. */
  readonly answer: Answer;
  /** from 1; the third is taken even with gaps, as is one 30 s after the first. Default: 1. */
  readonly attempt?: number;
}

/** 200 to a submit. */
export interface Submitted {
  /** every chunk is there. */
  readonly complete: boolean;
  /** the lease had ended; accepted all the same. Default: false. */
  readonly late: boolean;
  /** practice pages: safe HTML; "" otherwise. Default: "". */
  readonly feedback: string;
  /** practice pages: whether it may go on. Default: true. */
  readonly passed: boolean;
}

/** 409 to a submit: runs [first, last] of chunk numbers that are missing, to be sent before the next attempt. */
export interface Gaps {
  readonly gaps: readonly (readonly [number, number])[];
}

/** 200 to a chunk: it is on the disk. `again` says that it was there before. */
export interface Acknowledged {
  readonly tab: string;
  readonly seq: number;
  /** Default: false. */
  readonly again: boolean;
}

/** POST /api/finish: what the person takes home. */
export interface Completion {
  /** issued by the service, single-use; "" when the panel wants none. */
  readonly code: string;
  /** address to go back to; "" if none. Default: "". */
  readonly redirect: string;
  /** address and fields to post instead; None if none. Default: null. */
  readonly form: readonly [string, Readonly<Record<string, string>>] | null;
  /** works after payment, too. Default: "". */
  readonly withdraw_token: string;
}

/** Body of every error: what happened, and what to do, in words for the person. */
export interface Problem {
  readonly problem: string;
  /** Default: "". */
  readonly remedy: string;
}

export type TaskEntry =
  | Select
  | Deselect
  | Panel
  | Add
  | Move
  | Remove
  | Pick
  | PutBack
  | Decide
  | Stroke
  | Undo
  | Redo
  | Clear;

export type Entry =
  | Shown
  | Layout
  | Visibility
  | Focus
  | Hover
  | OnScreen
  | ImageState
  | Pointer
  | Select
  | Deselect
  | Panel
  | Add
  | Move
  | Remove
  | Pick
  | PutBack
  | Decide
  | Stroke
  | Undo
  | Redo
  | Clear
  | Health;

export type Answer =
  | BrowseAnswer
  | TagAnswer
  | PaintAnswer;

export const TASK_KINDS = [
  "select",
  "deselect",
  "panel",
  "add",
  "move",
  "remove",
  "pick",
  "put_back",
  "decide",
  "stroke",
  "undo",
  "redo",
  "clear",
] as const;

export const ENTRY_KINDS = [
  "shown",
  "layout",
  "visibility",
  "focus",
  "hover",
  "on_screen",
  "image",
  "pointer",
  "select",
  "deselect",
  "panel",
  "add",
  "move",
  "remove",
  "pick",
  "put_back",
  "decide",
  "stroke",
  "undo",
  "redo",
  "clear",
  "health",
] as const;
