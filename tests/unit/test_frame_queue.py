"""The queue of frames: at most one waits per client, the newest."""

from server.services.frame_queue import FrameQueue


def test_newer_frame_takes_the_place_of_the_older() -> None:
    queue: FrameQueue[int] = FrameQueue()
    queue.put("a", 1)
    queue.put("b", 1)
    queue.put("a", 2)
    assert queue.take(most=10) == [("a", 2), ("b", 1)]


def test_frame_waits_until_its_clients_last_is_finished() -> None:
    queue: FrameQueue[int] = FrameQueue()
    queue.put("a", 1)
    assert queue.take(most=10) == [("a", 1)]
    queue.put("a", 2)
    queue.put("b", 1)
    assert queue.take(most=10) == [("b", 1)]
    queue.finish("a")
    assert queue.take(most=10) == [("a", 2)]


def test_take_returns_the_longest_waiting_first() -> None:
    queue: FrameQueue[int] = FrameQueue()
    for client in "abc":
        queue.put(client, 0)
    assert [client for client, _ in queue.take(most=2)] == ["a", "b"]


def test_drop_removes_the_clients_frame() -> None:
    queue: FrameQueue[int] = FrameQueue()
    queue.put("a", 1)
    queue.put("b", 1)
    queue.drop("a")
    assert queue.take(most=10) == [("b", 1)]
