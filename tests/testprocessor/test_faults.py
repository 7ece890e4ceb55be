"""What goes wrong on request, and what was done all the same."""

import http.client
import threading

import pytest

from tests.testprocessor.asking import ask

GONE = (http.client.RemoteDisconnected, ConnectionError)


def create(processor, key=""):
    return ask(processor.url, "POST", "/v1/customers", {"name": "Clara"}, key=key)


def customers(processor):
    return len(processor.books()["customers"])


def test_a_closed_connection_has_done_nothing(processor):
    processor.fault("/v1/customers", "close")
    with pytest.raises(GONE):
        create(processor)
    assert customers(processor) == 0
    assert create(processor)[0] == 200


def test_an_error_has_done_nothing_and_leaves_the_key_free(processor):
    processor.fault("/v1/customers", "500")
    assert create(processor, "k")[0] == 500
    assert customers(processor) == 0
    assert create(processor, "k")[0] == 200


def test_an_error_that_is_kept_answers_its_key_for_good(processor):
    processor.fault("/v1/customers", "kept_500")
    assert [create(processor, "k")[0] for _ in range(2)] == [500, 500]
    assert customers(processor) == 0


def test_a_lost_answer_was_done_and_its_key_finds_it(processor):
    processor.fault("/v1/customers", "lost")
    with pytest.raises(GONE):
        create(processor, "k")
    assert customers(processor) == 1
    assert create(processor, "k")[0] == 200
    assert customers(processor) == 1


def test_a_slow_answer_was_done_at_once(processor):
    processor.fault("/v1/customers", "slow")
    answers = []
    asking = threading.Thread(target=lambda: answers.append(create(processor)[0]))
    asking.start()
    while not customers(processor):
        pass
    assert answers == []
    processor.release()
    asking.join()
    assert answers == [200]


def test_a_held_call_is_done_when_it_is_released(processor):
    processor.fault("/v1/customers", "held")
    asking = threading.Thread(target=create, args=[processor])
    asking.start()
    while processor.server.faults.waiting[0].times:
        pass
    assert customers(processor) == 0
    processor.release()
    asking.join()
    assert customers(processor) == 1


def test_a_fault_is_used_up_and_meets_its_path_only(processor):
    processor.fault("/v1/customers", "500", times=2)
    assert ask(processor.url, "GET", "/v1/balance")[0] == 200
    assert [create(processor)[0] for _ in range(3)] == [500, 500, 200]


def test_while_it_is_down_nobody_is_answered(processor):
    with processor.down(), pytest.raises(GONE):
        ask(processor.url, "GET", "/v1/balance")
    assert ask(processor.url, "GET", "/v1/balance")[0] == 200
