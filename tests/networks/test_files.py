"""Photos and voice notes: nobody sees one before it is clean and somebody has approved it."""

from __future__ import annotations

import pytest

from bot.peers import appeals, media, posts
from bot.peers.decisions import By
from bot.simulator import samples
from tests.networks.files import NOT_NOW, Gallery

YAW = "whatsapp:+233200000003"
KOFI = "+233200000001"


async def test_a_photo_is_cleaned_then_approved_then_reaches_everybody(gallery: Gallery) -> None:
    await gallery.network.join(YAW, "Red Button", "whatsapp")
    await gallery.network.join(KOFI, "Golden Needle", "sms")
    said = await gallery.show("77", text="my new shop")
    assert "pictures and voice notes are looked at first" in said[-1]
    assert not await gallery.decide(approve=True)  # nobody can have seen it
    await gallery.carry()
    post = gallery.last()
    file = gallery.network.loop.database.call(media.one, post.media_key)
    assert file is not None
    assert (file.type, file.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert samples.OWNER.encode() not in file.content
    assert post.media_ref is None
    assert await gallery.decide(approve=True)
    (copy,) = gallery.network.copies()
    assert copy.part["media"] == post.media_key
    assert copy.part["kind"] == "photo"
    assert copy.part["text"] == "Blue Thread (#tailoring 1): [photo] my new shop"
    assert len(post.media_key) == 22
    gallery.network.clock.forward(hours=7)
    await gallery.network.deliver()
    assert "[photo] my new shop" in gallery.network.got(KOFI)[-1]
    assert not any(part.get("media") for part in gallery.parts(KOFI))


async def test_on_whatsapp_a_voice_note_goes_before_its_words(gallery: Gallery) -> None:
    await gallery.network.join(YAW, "Red Button", "whatsapp")
    await gallery.network.join("78", "Green Bead")
    await gallery.show("77", "voice")
    await gallery.carry()
    await gallery.decide(approve=True)
    text, key = "Blue Thread (#tailoring 1): [voice note]", gallery.last().media_key
    found = [(part["text"], part["media"]) for part in gallery.parts(YAW)[-2:]]
    assert found == [("", key), (text, "")]
    (one,) = gallery.parts("78")[-1:]
    assert (one["text"], one["media"], one["kind"]) == (text, key, "voice")


async def test_a_relay_gets_the_photo_itself_before_the_buttons_work(gallery: Gallery) -> None:
    await gallery.network.join("78", "Green Bead")
    gallery.appoint("78")
    await gallery.network.loop.work()
    before = len(gallery.network.got("78"))
    await gallery.show("77", text="look")
    assert len(gallery.network.got("78")) == before
    await gallery.carry()
    asked = gallery.parts("78")[-1]
    assert "a post waits" in asked["text"]
    assert "[photo] look" in asked["text"]
    assert asked["media"] == gallery.last().media_key
    assert [label for label, _ in asked["options"]] == ["Send it", "Do not send"]
    said = await gallery.network.say("78", "Send it")
    assert gallery.last().state == "out", said


async def test_a_relay_who_cannot_see_it_is_not_asked_and_cannot_approve(
    gallery: Gallery,
) -> None:
    await gallery.network.join(KOFI, "Golden Needle", "sms")
    gallery.appoint(KOFI)
    await gallery.show("77")
    await gallery.carry()
    assert not any("a post waits" in text for text in gallery.network.got(KOFI))
    said = await gallery.network.say(
        KOFI, f"#tailoring approve {gallery.last().id}", channel="sms"
    )
    assert "has not been checked yet" in said[-1]
    assert gallery.last().state == "held"


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        ("photo", samples.photo()[:-900], "the file cannot be opened"),
        ("photo", b"<svg onload=alert(1)>", "only photos and voice notes recorded in the app"),
        ("voice", b"ID3 a song", "only photos and voice notes recorded in the app"),
        ("voice", samples.voice() + bytes(2_000_000), "the file is too large"),
    ],
)
async def test_what_cannot_be_cleaned_is_declined_and_its_author_is_told_why(
    gallery: Gallery, kind: str, content: bytes, reason: str
) -> None:
    await gallery.show("77", kind, content=content)
    await gallery.carry()
    told = gallery.parts("77")[-1]
    assert "your photo or voice note was not sent" in told["text"]
    assert reason in told["text"]
    assert told["options"] == []  # nothing to look at again
    assert (gallery.last().state, gallery.last().media_ref, gallery.kept()) == ("declined", None, 0)


async def test_the_reason_is_told_in_the_authors_language(gallery: Gallery) -> None:
    await gallery.network.say("77", "français")
    await gallery.show("77", content=b"")
    await gallery.carry()
    assert "votre photo ou note vocale n'a pas été envoyée" in gallery.network.got("77")[-1]


async def test_a_provider_that_is_away_is_asked_again_for_an_hour(gallery: Gallery) -> None:
    await gallery.show("77", content=NOT_NOW)
    for _ in range(3):
        await gallery.carry()
    assert gallery.provider.asked == ["ref0"]
    gallery.network.clock.forward(seconds=11)
    gallery.provider.has["ref0"] = samples.photo()
    await gallery.carry()
    assert gallery.kept() == 1
    await gallery.show("77", content=NOT_NOW)
    await gallery.carry()
    gallery.network.clock.forward(minutes=61)
    await gallery.carry()
    assert "did not arrive; please send it again" in gallery.network.got("77")[-1]


async def test_one_file_that_fails_holds_up_no_other(gallery: Gallery) -> None:
    for _ in range(6):
        await gallery.show("77", content=NOT_NOW, text=f"number {len(gallery.provider.has)}")
        gallery.network.clock.forward(minutes=1)
        await gallery.carry()
    await gallery.show("77", text="the good one")
    for _ in range(3):
        await gallery.carry()
    assert gallery.kept() == 1


async def test_music_and_films_do_not_go_into_a_group(gallery: Gallery) -> None:
    said = await gallery.network.say("77", "#tailoring hear this", attachment="voice")
    assert said == ["Only text, photos and voice notes go into a group."]


@pytest.mark.parametrize("fate", ["declined", "withdrawn", "forgotten", "old"])
async def test_the_copy_is_deleted_with_its_post(gallery: Gallery, fate: str) -> None:
    await gallery.show("77", text="my shop")
    await gallery.carry()
    assert gallery.kept() == 1
    loop = gallery.network.loop
    match fate:
        case "declined":
            await gallery.decide(approve=False)
        case "withdrawn":
            await gallery.decide(approve=True)
            await gallery.network.say("77", "withdraw 1")
            assert gallery.last().state == "withdrawn"
        case "forgotten":
            await gallery.network.say("77", "delete my data", "1")
            assert gallery.last().text == ""
        case "old":
            await gallery.show("77", content=NOT_NOW)  # without words
            loop.clock.forward(days=29)
            loop.database.call(posts.purge, loop.clock())
            assert gallery.kept() == 1
            loop.clock.forward(days=2)
            loop.database.call(posts.purge, loop.clock())
            assert gallery.last().media_ref is None
    assert gallery.kept() == 0
    assert gallery.last().media_key is None


async def test_a_file_that_arrives_too_late_for_its_post_is_not_kept(gallery: Gallery) -> None:
    await gallery.show("77")
    loop, post = gallery.network.loop, gallery.last()
    await gallery.decide(approve=False)
    assert loop.database.call(posts.keep_file, post, b"clean", loop.clock()) is None
    assert gallery.kept() == 0


async def test_forgetting_somebody_ends_the_porters_work_too(gallery: Gallery) -> None:
    await gallery.show("77", content=NOT_NOW)
    await gallery.network.say("77", "delete my data", "1")
    before = len(gallery.network.got("77"))
    gallery.network.clock.forward(minutes=61)
    await gallery.carry()
    assert gallery.provider.asked == []
    assert len(gallery.network.got("77")) == before


async def test_a_digest_brings_the_photos_that_waited(gallery: Gallery) -> None:
    await gallery.network.join(YAW, "Red Button", "whatsapp")
    gallery.network.clock.forward(hours=25)  # nothing but the fixed sentence may go to Yaw now
    await gallery.show("77", text="my shop")
    await gallery.carry()
    await gallery.decide(approve=True)
    await gallery.network.say(YAW, "hello", channel="whatsapp")
    digest, photo = [part for part in gallery.parts(YAW) if part.get("text")][-2:]
    assert "[photo] my shop" in digest["text"]
    assert (photo["text"], photo["media"]) == (
        "#tailoring 1 Blue Thread", gallery.last().media_key,
    )  # fmt: skip


async def test_whoever_leaves_gets_no_part_of_a_voice_note_any_more(gallery: Gallery) -> None:
    await gallery.network.join(YAW, "Red Button", "whatsapp")
    await gallery.show("77", "voice")
    await gallery.carry()
    await gallery.decide(approve=True)
    await gallery.network.say(YAW, "groups", "1", "leave the group", "1", channel="whatsapp")
    assert [copy.status for copy in gallery.network.copies()] == ["aborted", "aborted"]




async def test_who_was_right_is_asked_for_the_file_once_more(gallery: Gallery) -> None:
    await gallery.show("77", text="my shop")
    await gallery.carry()
    await gallery.decide(approve=False)
    await gallery.network.say("77", "Ask for another look", "it is my own shop")
    loop = gallery.network.loop
    (appeal,) = loop.database.call(appeals.waiting)
    other = By(staff_id=2)
    assert loop.database.call(appeals.settle, appeal.id, other, loop.clock(), lift=True)
    await loop.work()
    assert "Please send it once more" in gallery.network.got("77")[-1]
    assert gallery.last().state == "declined"
    assert gallery.network.copies() == []
