"""At most one frame of a client waits: its newest."""

from server.services.frame_queue import FrameQueue


def test_frame_when_newer_comes_then_it_takes_the_place_and_the_turn() -> None:
    queue: FrameQueue[int] = FrameQueue()
    queue.put("a", 1)
    queue.put("b", 1)
    queue.put("a", 2)
    assert queue.take(most=10) == [("a", 2), ("b", 1)]


def test_frame_when_clients_last_is_being_read_then_it_waits_and_others_do_not() -> None:
    queue: FrameQueue[int] = FrameQueue()
    queue.put("a", 1)
    assert queue.take(most=10) == [("a", 1)]
    queue.put("a", 2)
    queue.put("b", 1)
    assert queue.take(most=10) == [("b", 1)]
    queue.finish("a")
    assert queue.take(most=10) == [("a", 2)]


def test_frames_when_more_than_a_batch_then_longest_waiting_first() -> None:
    queue: FrameQueue[int] = FrameQueue()
    for client in "abc":
        queue.put(client, 0)
    assert [client for client, _ in queue.take(most=2)] == ["a", "b"]


def test_frame_when_client_has_gone_then_forgotten() -> None:
    queue: FrameQueue[int] = FrameQueue()
    queue.put("a", 1)
    queue.put("b", 1)
    queue.drop("a")
    assert queue.take(most=10) == [("b", 1)]
