"""`edit`: a new version of a request, in the person's own editor."""

from __future__ import annotations

import sys

from platinum_tui.model.errors import ExitCode, UsageError
from platinum_tui.system.programs import edited, editor_of
from platinum_tui.verbs.call import Call


def edit(call: Call) -> ExitCode:
    """Open a request in $VISUAL or $EDITOR; what is saved is its new version, with a new fingerprint."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("Editing needs a terminal.", remedy="Open one, or change the file in the vault.")
    editor = editor_of(call.environ)
    with call.service() as service:
        draft = service.draft(call.arguments.id)
        after = edited(editor, draft.file.rpartition("/")[2], draft.data)
        if after == draft.data:
            form = service.desk.form_of(service.desk.find(draft.file)) if call.as_json else {}
            call.report(form, "Nothing was changed.")
            return ExitCode.DONE
        standing = service.revise(draft, after)
        form = service.desk.form_of(standing) if call.as_json else {}
    fingerprint = standing.request.fingerprint
    call.report(form, f"{standing.title}: the fingerprint is {fingerprint} now, not {draft.fingerprint}.")
    return ExitCode.DONE
