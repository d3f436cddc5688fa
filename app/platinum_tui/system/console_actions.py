"""The registry of actions: bindings, footer, palette, help, key maps and the tables of keys are made from it alone."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from platinum_tui.model.sections import Section
from platinum_tui.system.key_names import shown


class Scope(enum.StrEnum):
    """Where a key works; the value is its heading in the help."""

    DECIDE = "Deciding"
    MOVE = "Moving"
    READ = "Reading"
    WORK = "Tasks and workers"
    PROGRAM = "The program"
    DIALOG = "In a dialog"
    TYPING = "While typing"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a key does.

    Attributes:
        id: what it is called in a key map; it never changes.
        key: its keys, as Textual names them, separated by commas; the first is the one shown.
        label: one or two words for the footer.
        help: one sentence for the help, the palette and the README.
        scope: where it works.
        decides: it says something about what is on screen: dead while that is hidden or just changed.
        writes: it changes something outside the screen: dead where the program is read-only or too small to show it.
        asks: it opens a line, into which people type right away.
        footer: how much it matters in the footer, less for larger numbers; None where it is not shown there.
    """

    id: str
    key: str
    label: str
    help: str
    scope: Scope
    decides: bool = False
    writes: bool = False
    asks: bool = False
    footer: int | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Its keys as people read them."""
        return tuple(shown(key) for key in self.key.split(","))


DECIDE, MOVE, READ, WORK, PROGRAM = Scope.DECIDE, Scope.MOVE, Scope.READ, Scope.WORK, Scope.PROGRAM
DIALOG, TYPING = Scope.DIALOG, Scope.TYPING
DESK = frozenset({DECIDE, MOVE, READ, WORK, PROGRAM})
"""The scopes whose keys the desk takes."""

ACTIONS: tuple[Action, ...] = (
    Action(
        "approve",
        "a",
        "approve",
        "Approve what is shown; high risk asks first",
        DECIDE,
        decides=True,
        writes=True,
        footer=1,
    ),
    Action(
        "approve_noted",
        "A",
        "note",
        "Approve it with a note, which stands in the log",
        DECIDE,
        decides=True,
        writes=True,
        asks=True,
    ),
    Action("reject", "x", "reject", "Reject it, with a reason", DECIDE, decides=True, writes=True, asks=True, footer=2),
    Action(
        "undo", "u", "undo", "Take a decision back; an approval while its countdown runs", DECIDE, writes=True, footer=3
    ),
    Action(
        "changes",
        "c",
        "changes",
        "Send it back with what has to change",
        DECIDE,
        decides=True,
        writes=True,
        asks=True,
        footer=11,
    ),
    Action(
        "snooze",
        "z",
        "snooze",
        "Look at it later (2h, tomorrow, a date)",
        DECIDE,
        decides=True,
        writes=True,
        asks=True,
        footer=12,
    ),
    Action(
        "settle", "o", "settle", "Settle an unknown outcome: it happened, or it did not", DECIDE, writes=True, footer=4
    ),
    Action(
        "fix",
        "f",
        "fix",
        "Settle what stands against it: an unknown name, several actions in one file",
        DECIDE,
        decides=True,
        writes=True,
        footer=1,
    ),
    Action(
        "edit",
        "e",
        "edit",
        "Edit its file in $EDITOR: a new version, checked again, with its difference",
        DECIDE,
        decides=True,
        writes=True,
        footer=12,
    ),
    Action(
        "drop",
        "E",
        "drop some",
        "Drop some of its recipients or lines: a new version, checked again, with its difference",
        DECIDE,
        decides=True,
        writes=True,
        footer=12,
    ),
    Action("withdraw", "w", "withdraw", "Withdraw it for its author; asks first", DECIDE, decides=True, writes=True),
    Action("freeze", "F", "freeze", "Stop every execution at once, or allow it again", DECIDE, writes=True, footer=14),
    Action("mark", "space", "mark", "Mark it and go on; what is marked is decided together", DECIDE),
    Action("mark_range", "V", "mark range", "Mark everything from the last mark to here", DECIDE),
    Action("mark_all", "asterisk", "mark all", "Mark all in the list, or none", DECIDE),
    Action("next", "j,down", "down", "Next request", MOVE),
    Action("previous", "k,up", "up", "Previous request", MOVE),
    Action("first", "g,home", "first", "First request", MOVE),
    Action("last", "G,end", "last", "Last request", MOVE),
    Action("page_down", "pagedown", "page down", "A page further", MOVE),
    Action("page_up", "pageup", "page up", "A page back", MOVE),
    Action("section_next", "right_square_bracket", "next section", "Next section", MOVE),
    Action("section_previous", "left_square_bracket", "previous section", "Previous section", MOVE),
    *(
        Action(f"section_{number}", str(number), section.value, f"The section {section.value}", MOVE)
        for number, section in enumerate(Section, 1)
    ),
    Action("open", "enter", "open", "Open it over the full width; decides nothing", READ, footer=7),
    Action("back", "escape", "back", "Back by one layer: full page, pane, marks, filter", READ, footer=7),
    Action("pane", "tab", "pane", "To the other pane", READ),
    Action("scroll_down", "ctrl+d", "read on", "Scroll the preview down, the list keeps the keys", READ, footer=1),
    Action("scroll_up", "ctrl+u", "scroll up", "Scroll the preview up", READ),
    Action("raw", "s", "source", "Show the file's own text, and back", READ, footer=10),
    Action("difference", "d", "difference", "Show or hide what changed since you looked", READ),
    Action("copy", "y", "copy", "Copy the fingerprint to the clipboard", READ, footer=13),
    Action("copy_other", "Y", "copy more", "Copy another part: target, file, what goes out", READ),
    Action("links", "l", "links", "List its links and attachments", READ, footer=15),
    Action("pager", "P", "pager", "Show the page in $PAGER", READ),
    Action("filter", "slash", "filter", "Filter: words, field:value, !not", READ, footer=8),
    Action(
        "sort",
        "S",
        "sort",
        "Order by age, risk, target or title, or grouping by kind, sender or thread; equal ones by age",
        READ,
    ),
    Action("statistics", "I", "statistics", "Decisions per day and kind, how long requests waited", PROGRAM),
    Action("views", "v", "views", "Choose a saved view: a section, a filter and an order", READ),
    Action("wider", "plus", "more list", "Give the list more room", READ),
    Action("narrower", "underscore,minus", "less list", "Give the preview more room", READ),
    Action("take_task", "t", "take", "Take a task, or give it back", WORK, decides=True, writes=True, footer=1),
    Action(
        "finish_task", "D", "done", "A task is done: asks, then moves it", WORK, decides=True, writes=True, footer=2
    ),
    Action(
        "retry",
        "b",
        "try now",
        "Try now: a worker runs, a server of yours lists its tools, WhatsApp gives a code to link it",
        WORK,
        writes=True,
        footer=1,
    ),
    Action("palette", "colon", "commands", "Every command by its name (also Ctrl+P)", PROGRAM, footer=9),
    Action("help", "question_mark", "help", "This help", PROGRAM, footer=5),
    Action("refresh", "R", "refresh", "Look at everything again", PROGRAM),
    Action("doctor", "H", "doctor", "What is wrong or missing, each with its remedy", PROGRAM),
    Action("suspend", "ctrl+z", "pause", "Give the terminal back to the shell for a while; fg comes back", PROGRAM),
    Action("theme", "T", "theme", "Dark, light, and themes for colour-blind eyes", PROGRAM),
    Action("quit", "q", "quit", "Leave; asks while something is under way", PROGRAM, footer=6),
    Action("confirm", "y", "yes", "Do what the dialog names", DIALOG, decides=True, writes=True),
    Action("deny", "n,escape", "cancel", "Close the dialog, decide nothing", DIALOG),
    Action("submit", "enter", "submit", "Take what was typed", TYPING, footer=1),
    Action("discard", "escape", "cancel", "Close the line, nothing happens", TYPING, footer=2),
)

BY_ID = {action.id: action for action in ACTIONS}
"""Each action by its id."""
