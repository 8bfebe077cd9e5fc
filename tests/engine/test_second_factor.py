"""The second factor: codes of the phone and of the sheet, each of them once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import unquote
from xml.etree import ElementTree

import pyotp

from bot import sessions, signin, staff
from bot.signin import Failure
from bot.vault import Vault
from tests.engine.desk import GOOD, HOSTILE, Desk


def test_a_code_works_once_and_only_around_its_half_minute(desk: Desk) -> None:
    app, _ = desk.enrol()
    now = desk.clock()
    assert not desk.code(app.at(now, counter_offset=-1))  # the one she enrolled with
    assert not desk.code(app.at(now, counter_offset=2))
    assert desk.code(app.at(now))
    assert not desk.code(app.at(now))
    assert desk.code(f" {app.at(now, counter_offset=1)[:3]} {app.at(now, counter_offset=1)[3:]}")
    assert not desk.code(app.at(now))
    desk.clock.forward(minutes=2)
    assert not desk.code(app.at(desk.clock(), counter_offset=-2))
    assert desk.code(app.at(desk.clock(), counter_offset=-1))


def test_one_code_typed_in_two_windows_at_once_opens_one(desk: Desk) -> None:
    app, _ = desk.enrol()
    code, together = app.at(desk.clock()), Barrier(4)

    def type_it(_: int) -> bool:
        together.wait()
        return desk.code(code)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(type_it, range(4))) == [False, False, False, True]


def test_a_recovery_code_works_once_however_it_is_written(desk: Desk) -> None:
    _, sheet = desk.enrol()
    assert len(set(sheet)) == 10
    assert all(re.fullmatch("[a-hjkmnp-tw-z]{4}-[a-hjkmnp-tw-z]{4}-[a-hjkmnp-tw-z]{2}", code)
               for code in sheet)  # fmt: skip
    assert desk.code(sheet[3])
    assert not desk.code(sheet[3])
    assert desk.code(sheet[4].upper().replace("-", " "))
    assert not desk.code(sheet[5][:-1])
    assert [desk.code(code) for code in sheet] == [n not in (3, 4) for n in range(10)]
    assert desk.row().recovery == []


def test_neither_the_secret_nor_the_codes_can_be_read_in_the_database(desk: Desk) -> None:
    app, sheet = desk.enrol()
    stored = str(desk.row())
    assert GOOD not in stored
    assert app.secret not in stored
    assert not any(c in stored or c.replace("-", "") in stored for c in sheet)


def test_a_sheet_of_somebody_else_is_of_no_use(desk: Desk) -> None:
    _, sheet = desk.enrol()
    kofi = Desk(desk.database, desk.vault, "Kofi")
    kofi.enrol()
    desk.database.call(staff.change, kofi.id, recovery=desk.row().recovery)
    assert not kofi.code(sheet[0])
    assert desk.code(sheet[0])


def test_enrolling_takes_the_code_of_the_new_secret(desk: Desk) -> None:
    begun, other = signin.begin_totp(desk.vault), signin.begin_totp(desk.vault)
    right = pyotp.TOTP(begun.key.replace(" ", "")).at(desk.clock())
    for secret, code in [
        (begun.secret, ""), (begun.secret, "000000" if right != "000000" else "000001"),
        (other.secret, right), (begun.key, right), (desk.vault.seal("no secret"), right),
        *((hostile, right) for hostile in HOSTILE),
    ]:  # fmt: skip
        assert desk.confirm(secret, code) is None
    assert not desk.enrolled()
    assert not desk.code(right)
    assert desk.confirm(begun.secret, right)
    assert desk.enrolled()


def test_who_has_only_the_password_cannot_replace_the_second_factor(desk: Desk) -> None:
    app, _ = desk.enrol()
    begun = signin.begin_totp(desk.vault)
    new = pyotp.TOTP(begun.key.replace(" ", ""))
    assert desk.confirm(begun.secret, new.at(desk.clock())) is None
    assert desk.code(app.at(desk.clock()))


def test_whatever_is_typed_is_only_wrong(desk: Desk) -> None:
    desk.enrol()
    for typed in HOSTILE:
        assert desk.code(typed) is False, typed[:20]
        desk.database.call(staff.change, desk.id, failures=0)


def test_wrong_codes_lead_to_the_same_lock(desk: Desk) -> None:
    app, sheet = desk.enrol()
    desk.wrong(2)
    assert not any(desk.code("zzzz-zzzz-zz") for _ in range(3))
    assert desk.password() is Failure.LOCKED
    assert not desk.code(app.at(desk.clock()))
    assert not desk.code(sheet[0])
    desk.clock.forward(minutes=15)
    assert desk.password() == desk.id
    assert desk.code(app.at(desk.clock()))
    assert desk.row().failures == 0


def test_knowing_the_password_gives_no_new_tries_at_the_code(desk: Desk) -> None:
    desk.enrol()
    for _ in range(5):
        assert desk.password() == desk.id
        assert not desk.code("zzzz-zzzz-zz")
    assert desk.password() is Failure.LOCKED


def test_somebody_who_left_gets_no_further_with_a_right_code(desk: Desk) -> None:
    app, _ = desk.enrol()
    desk.database.call(staff.change, desk.id, active=False)
    assert not desk.code(app.at(desk.clock()))


def test_when_the_phone_is_lost_the_second_factor_and_its_sessions_go(desk: Desk) -> None:
    app, sheet = desk.enrol()
    token = desk.database.call(sessions.begin, desk.id, desk.clock(), second=True)
    desk.database.call(signin.drop_totp, desk.id)
    assert not desk.enrolled()
    assert desk.row().recovery == []
    assert not desk.code(app.at(desk.clock()))
    assert not desk.code(sheet[0])
    assert desk.database.call(sessions.find, token, desk.clock()) is None
    desk.enrol()  # and she sets up the new phone


def test_the_picture_is_made_of_nothing_but_the_page_itself(vault: Vault) -> None:
    begun = signin.begin_totp(vault, name="ama@example.org")
    assert begun.uri.startswith("otpauth://totp/Sankofa:ama%40example.org?secret=")
    kind, _, picture = signin.qr(begun.uri).partition(",")
    assert kind == "data:image/svg+xml;charset=utf-8"
    assert ElementTree.fromstring(unquote(picture)).tag == "{http://www.w3.org/2000/svg}svg"
    assert signin.qr(signin.begin_totp(vault).uri) != signin.qr(begun.uri)
