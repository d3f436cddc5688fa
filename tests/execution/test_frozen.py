"""What the switch that stops everything means for one request: it waits, can be taken back, and loses nothing."""

from __future__ import annotations

from tests.support.vault_house import Home

from platinum_tui.model.request import State


def test_what_was_frozen_right_before_its_call_goes_out_with_the_thaw(home: Home) -> None:
    home.configure('undo = "0s"\n')
    home.draft("m")
    home.approve("m")
    home.servers.while_starting = lambda: home.executor.switch.freeze("Stop.")
    for _ in range(7):  # as often as somebody freezes at this very moment: no attempt was made, none is counted
        home.work()
        assert (home.state("m"), home.sent) == (State.APPROVED, [])
        assert home.desk.find("m").retry_at is None
        home.executor.switch.thaw()

    home.servers.while_starting = lambda: None
    home.work()

    assert (home.state("m"), home.sent) == (State.DONE, ["July"])
