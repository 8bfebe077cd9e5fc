"""Numbers that are written so as not to look like one are hidden; times, dates, sizes, prices and
papers of a trade are not, in English and French."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.screening.contacts import find, mask
from bot.screening.evasions import evaded
from bot.screening.rules import Finding

HIDDEN = [
    "024:412:3456", "0_2_4_4_1_2_3_4_5_6", "024/412/3456", "024|412|3456", "024*412*3456",
    "0*2*4*4*1*2*3*4*5*6", "024~412~3456", "024=412=3456", "024+412+3456", "024;412;3456",
    "024#412#3456", "024\\412\\3456", "024..412..3456", "024--412--3456", "024 - 412 - 3456",
    "024^412^3456", "024'412'3456", '024"412"3456', "0.2.4.4.1.2.3.4.5.6", "0,2,4,4,1,2,3,4,5,6",
    "0:2:4:4:1:2:3:4:5:6", "[024][412][3456]", "{024}{412}{3456}", "024<412>3456",
    "024→412→3456", "024★412★3456", "024.412:34/56", "024\n412\n3456", "0x2x4x4x1x2x3x4x5x6",
    "0️⃣2️⃣4️⃣4️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣", "0⃣2⃣4⃣-4⃣1⃣2⃣-3⃣4⃣5⃣6⃣", "⓪②④④①②③④⑤⑥", "⓿❷❹❹❶❷❸❹❺❻",
    "⓪②④ ④①② ③④⑤⑥", "⁰²⁴⁴¹²³⁴⁵⁶", "𝟎𝟐𝟒𝟒𝟏𝟐𝟑𝟒𝟓𝟔", "٠٢٤:٤١٢:٣٤٥٦", "０２４：４１２：３４５６",
    "0244l23456", "O24-4I2-3456", "024 4l2 3456", "0244123l56", "O244123456", "o24:4l2:3456",
    "O2441234S6", "02-44-12-34-56", "+233:24:412:3456", "+233_24_412_3456", "233*24*412*3456",
    "90:12:34:56", "90_12_34_56", "07|48|12|33|09", "07_48_12_33_09", "77:123:45:67",
    "9o l2 34 56", "07:48:12:33:09", "07*48*12*33*09",
]  # fmt: skip
AROUND = ["{}", "call {} for buttons", "my line: {}.", "({})", "appelez le {} pour les boutons",
          "mon numéro : {} merci", "{} whatsapp", "at 10:30: {} ok"]  # fmt: skip

PLAIN = [
    "10:30", "12/05/2026", "2x3x4", "1,500,000 - 2,000,000", "open 08:00-17:30", "08:00:00",
    "from 08:00 to 17:30", "2026-05-12 10:30", "12/05/2026 10:30", "12:30 - 14:30 - 16:30",
    "08:00, 10:00, 12:00, 14:00", "10:00/12:00/14:00", "8:00|9:00|10:00|11:00", "120*60*75 cm",
    "200x150x90", "20 x 30 x 40", "60x60 80x80 100x100", "100*200*300*400", "2 * 3 * 4 * 5 = 120",
    "500/600/700", "700/600/500", "GHS 500/600/700/800", "5|10|15|20", "page 1/2/3/4/5",
    "size_38_40_42", "38/40/42/44", "2026/2027", "NPK 15:15:15", "NPK 20:10:10, 15:15:15",
    "ratio 1:2:4 cement", "12:05:2026", "lot_2026_05", "ISO 9001:2015", "order #20261105",
    "10kg * 50 = 500", "12*150=1800", "1.500.000", "1'500'000", "12_000_000", "3 : 2 : 1",
    "10 l, 20 l, 25 l", "20l 25l 5l 10l", "0.5l 1.5l 2.5l 5l", "0.75 / 1.25 / 1.50", "24/7",
    "1️⃣ cut 2️⃣ sew 3️⃣ iron 4️⃣ sell", "① measure ② cut ③ sew ④ iron ⑤ pack", "5⭐ 10⭐ 15⭐",
    "10 💰 20 💰 30 💰 40", "01/06-15/07", "from 01/06/2026 to 15/07/2026", "1,200/1,400/1,600",
    "17:00-18:00 and 19:00-20:00", "GHS 1,500 * 12", "12:00:00 - 13:00:00", "1500*2000",
    "between 06:00 and 09:00 01/12/2026", "0-10, 10-20, 20-30 bags", "4x4 2019", "1/4, 1/2, 3/4",
    "10h30", "le 12/05/2026 à 10h30", "du 01/06/2026 au 15/07/2026", "7j/7 24h/24",
    "lun 08:00-12:00 / 14:00-18:00", "prix 50000/75000/100000", "50 000/75 000/100 000 F",
    "1 500 000 - 2 000 000 FCFA", "2.500.000 FCFA", "10 000 * 12 = 120 000", "maïs 2:1:1",
    "facture n° 2026/0012", "0,75 / 1,25 / 1,50 m", "tailles 36-38-40-42-44", "8h-12h/14h-18h",
    "200*150*90 cm, 2*3 m", "25/12/2025 - 01/01/2026", "① mesurer ② couper ③ coudre ④ vendre",
    "lots de 5;10;15;20;25", "niveau O 2019, niveau A 2021",
]  # fmt: skip


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("written", HIDDEN)
def test_a_number_is_hidden_whatever_stands_between_its_digits(written: str, around: str) -> None:
    text = around.format(written)
    left = mask(text, find(text), dict.fromkeys(Finding, "hidden"))
    kept = around.format("[hidden]")
    assert "[hidden]" in left
    digits = [c for c in left if c.isdigit() or c in "⁰⓪"]
    assert len(digits) <= sum(c.isdigit() for c in kept), left


@pytest.mark.parametrize("text", PLAIN)
def test_what_traders_write_stays(text: str) -> None:
    for whole in (text, f"please note {text} as before", f"notez {text} comme avant"):
        assert find(whole) == [], [whole[a:b] for a, b, _ in find(whole)]


NUMBERS = st.from_regex(r"0[2-5]\d[2-9]\d{6}", fullmatch=True)
SIGNS = st.text("_:|*/~=+#-.→ ", min_size=1, max_size=2).filter(lambda s: s.strip())


@given(NUMBERS, SIGNS)
def test_any_sign_between_three_groups_hides_nothing(number: str, sign: str) -> None:
    text = f"call {number[:3]}{sign}{number[3:6]}{sign}{number[6:]} please"
    left = mask(text, find(text), dict.fromkeys(Finding, "hidden"))
    assert not any(c.isdigit() for c in left), left


HOURS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
DAYS = st.builds("{:02}/{:02}/{}".format, st.integers(1, 28), st.integers(1, 12),
                 st.integers(2020, 2030))  # fmt: skip
SUMS = st.builds("{},{:03}".format, st.integers(1, 999), st.sampled_from([0, 500, 250]))
SIZES = st.builds("{}x{}x{}".format, *[st.integers(1, 300)] * 3)


@given(st.lists(st.one_of(HOURS, DAYS, SUMS, SIZES), min_size=1, max_size=4),
       st.sampled_from([" and ", ", then ", " or ", " et ", " puis "]))  # fmt: skip
def test_no_time_date_sum_or_size_is_taken_for_a_number(parts: list[str], between: str) -> None:
    text = f"we meet {between.join(parts)} in town"
    assert find(text) == [], [text[a:b] for a, b, _ in find(text)]


def test_a_long_row_of_digits_does_not_keep_us_busy() -> None:
    started = time.process_time()
    for row in ("1 " * 5000, "0:1" * 3000, "o" * 10_000, "12_" * 3000, "0 " * 5000):
        list(evaded(row))
    assert time.process_time() - started < 1
