"""Circuit breaker and turnstile: who may go, who waits, who is told to come back."""

from __future__ import annotations

import threading
import time

import pytest

from adapters.errors import QueueFull, ServerRefused, ServerResting, Stopped, TooSlow
from adapters.servers.circuit_breaker import CircuitBreaker
from adapters.servers.request_queue import RequestQueue, Ticket


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def fail(breaker: CircuitBreaker, error: Exception | None = None) -> None:
    error = error or TooSlow("slow")
    with pytest.raises(type(error)), breaker.attempt():
        raise error


def opened(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(failures=3, rest=10, clock=clock)
    for _ in range(3):
        fail(breaker)
    return breaker


def test_a_wait_is_told_from_how_long_the_last_ones_took() -> None:
    clock = Clock()
    queue = RequestQueue(at_once=2, clock=clock)
    assert queue.expected_wait(3) == 0, "nobody knows yet"
    for seconds in (4.0, 6.0):
        with queue.enter() as ticket:
            assert ticket.place == 0
            clock.now += seconds
    assert queue.expected_wait(1) == queue.expected_wait(2) == 5 and queue.expected_wait(5) == 15
    first, second, third = queue.enter(), queue.enter(), queue.enter()
    assert [one.place for one in (first, second, third)] == [0, 0, 1]
    clock.now += 100
    third.leave()
    assert queue.expected_wait(1) == 5, "who left before its turn took nothing"
    first.leave()
    second.leave()
    assert queue.expected_wait(1) == 53, "as the middle one of 4, 6, 100 and 100"
    for seconds in (5.0, 5.0, 5.0):
        with queue.enter() as ticket:
            assert ticket.place == 0
            clock.now += seconds
    assert queue.expected_wait(1) == 5, "long ones no longer count once they are few"


def test_three_failures_in_a_row_open_it() -> None:
    clock = Clock()
    breaker = CircuitBreaker(failures=3, rest=10, clock=clock)
    fail(breaker)
    fail(breaker)
    with breaker.attempt():
        pass
    fail(breaker)
    fail(breaker)
    assert breaker.state == "closed"
    fail(breaker)
    assert breaker.state == "open"
    with pytest.raises(ServerResting, match="in 10 s"), breaker.attempt():
        pytest.fail("an open circuit let a call through")


def test_half_open_lets_one_probe_through_at_a_time() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 10
    assert breaker.state == "half-open"
    with breaker.attempt(), pytest.raises(ServerResting), breaker.attempt():
        pytest.fail("a second probe went through")
    assert breaker.state == "closed"


def test_a_failed_probe_opens_it_again() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 11
    fail(breaker)
    assert breaker.state == "open"
    clock.now += 9
    assert breaker.state == "open"
    clock.now += 1
    with breaker.attempt():
        pass
    assert breaker.state == "closed"


def test_a_refusal_is_a_sign_of_life() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 10
    fail(breaker, ServerRefused("no such model"))
    assert breaker.state == "closed"


@pytest.mark.parametrize("leaving", [GeneratorExit(), Stopped("stopped"), ZeroDivisionError()])
def test_a_caller_who_goes_away_says_nothing_but_frees_the_probe(leaving: BaseException) -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 10
    with pytest.raises(type(leaving)), breaker.attempt():
        raise leaving
    assert breaker.state == "half-open"
    with breaker.attempt():
        pass
    assert breaker.state == "closed"


def test_a_late_failure_of_an_old_call_does_not_free_the_probes_place() -> None:
    clock = Clock()
    breaker = CircuitBreaker(failures=1, rest=10, clock=clock)
    old = breaker.attempt()
    old.__enter__()
    fail(breaker)
    clock.now += 10
    with breaker.attempt():
        old.__exit__(TooSlow, TooSlow("late"), None)
        clock.now += 10
        with pytest.raises(ServerResting), breaker.attempt():
            pytest.fail("a second probe went through")


def test_many_threads_and_one_probe() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 10
    through, refused, start = [], threading.Semaphore(0), threading.Barrier(20)

    def call() -> None:
        start.wait()
        try:
            with breaker.attempt():
                through.append(1)
                for _ in range(19):  # the probe lasts until all others have asked
                    assert refused.acquire(timeout=60)
        except ServerResting:
            refused.release()

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(through) == 1


def test_the_line_moves_up_in_order() -> None:
    request_queue = RequestQueue(at_once=2, waiting=10)
    tickets = [request_queue.enter() for _ in range(5)]
    assert [ticket.place for ticket in tickets] == [0, 0, 1, 2, 3]
    tickets[0].leave()
    assert [ticket.place for ticket in tickets] == [-1, 0, 0, 1, 2]
    tickets[3].leave()  # one who waits goes away
    assert [ticket.place for ticket in tickets] == [-1, 0, 0, -1, 1]
    tickets[3].leave()
    assert len(request_queue) == 3


def test_nobody_goes_twice_before_others_went_once() -> None:
    request_queue = RequestQueue(at_once=1, waiting=10)
    ann = [request_queue.enter("ann") for _ in range(3)]
    bob, nobody, other = request_queue.enter("bob"), request_queue.enter(), request_queue.enter()
    bob_again = request_queue.enter("bob")
    line = [ann[0], bob, nobody, other, ann[1], bob_again, ann[2]]
    assert [ticket.place for ticket in line] == list(range(7)), "and of one round as they came"
    ann[0].leave()
    cy = request_queue.enter("cy")
    line = [bob, nobody, other, cy, ann[1], bob_again, ann[2]]
    assert [ticket.place for ticket in line] == list(range(7)), "it is her first, and ann had one"
    for ticket in (bob, nobody, other, cy):
        ticket.leave()
    more = [request_queue.enter("bob"), request_queue.enter("dan")]
    line = [ann[1], bob_again, more[1], ann[2], more[0]]
    assert [ticket.place for ticket in line] == list(range(5)), "what is long past counts no more"
    for ticket in line:
        ticket.leave()
    assert request_queue.enter("ann").place == 0


def test_whoever_is_through_stays_through() -> None:
    request_queue = RequestQueue(at_once=2, waiting=10)
    ann = [request_queue.enter("ann") for _ in range(2)]
    bob = request_queue.enter("bob")
    assert [one.place for one in (*ann, bob)] == [0, 0, 1]


def test_a_full_line_says_so_and_a_freed_place_is_free() -> None:
    request_queue = RequestQueue(at_once=1, waiting=1)
    first, second = request_queue.enter(), request_queue.enter()
    with pytest.raises(QueueFull):
        request_queue.enter()
    second.leave()
    assert request_queue.enter().place == 1
    first.leave()


def test_places_are_told_until_it_is_ones_turn() -> None:
    request_queue = RequestQueue(at_once=1, waiting=5)
    ahead = [request_queue.enter() for _ in range(2)]
    with request_queue.enter() as mine:
        told = []
        for place in mine.places(every=5):
            told.append(place)
            ahead.pop(0).leave()
        assert told == [2, 1]
        assert mine.place == 0
    assert len(request_queue) == 0


def test_waiting_wakes_up_without_polling_and_reports_at_least_now_and_then() -> None:
    request_queue = RequestQueue()
    ahead, mine = request_queue.enter(), request_queue.enter()
    places = mine.places(every=0.05)
    assert [next(places) for _ in range(3)] == [1, 1, 1]
    waiting = mine.places(every=3600)
    assert next(waiting) == 1
    threading.Timer(0.1, ahead.leave).start()
    assert next(waiting, "mine") == "mine", "and not an hour later"


def test_fifty_callers_never_exceed_the_limit() -> None:
    request_queue, lock, now, most = RequestQueue(at_once=3, waiting=50), threading.Lock(), [0], [0]

    def work(ticket: Ticket) -> None:
        with ticket:
            for _ in ticket.places():
                pass
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.005)
            with lock:
                now[0] -= 1

    threads = [threading.Thread(target=work, args=(request_queue.enter(),)) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 3
    assert len(request_queue) == 0
