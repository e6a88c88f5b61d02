"""Evaluations of a rule per CPU second, all contenders in turn and the whole several times over, answers checked.

    python benchmarks/conditions/run.py [--accounts 2000] [--rounds 5] [contender ...]

Times are CPU seconds of this process, the best of the rounds; the rounds take turns, so that a busy machine is unkind to all.
"""

import argparse
import time

from contenders import CONTENDERS, Contender, Prepared
from workload import Account, Rule, accounts, answer, rules


def check(contender: Contender, prepared: Prepared, asked: list[Rule], known: list[Account]) -> None:
    """Compare every answer with the reference; the floor knows no None, so there a missing fact counts as False."""
    evaluate, facts = prepared
    for account, fact in zip(known, facts, strict=True):
        for rule, ask in zip(asked, evaluate, strict=True):
            wanted = answer(rule, account)
            said = contender.told(ask(fact))
            assert said is wanted or (contender is CONTENDERS["closures"] and not wanted and not said), (contender.name, rule, account)


def measure(prepared: Prepared) -> float:
    evaluate, facts = prepared
    start = time.process_time()
    for fact in facts:
        for ask in evaluate:
            ask(fact)
    return len(facts) * len(evaluate) / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--accounts", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("contenders", nargs="*", default=list(CONTENDERS))
    options = parser.parse_args()
    asked, known = rules(), list(accounts(options.accounts))
    prepared = {name: CONTENDERS[name].prepare(asked, known) for name in options.contenders}
    for name, ready in prepared.items():
        check(CONTENDERS[name], ready, asked, known)
    rates: dict[str, list[float]] = {name: [] for name in prepared}
    for _ in range(options.rounds):
        for name, ready in prepared.items():
            rates[name].append(measure(ready))
    print(f"{'contender':40s} {'best/s':>12s} {'worst/s':>12s}   {len(asked)} rules, {len(known)} accounts, answers checked")
    for name, found in rates.items():
        print(f"{CONTENDERS[name].name:40s} {max(found):12,.0f} {min(found):12,.0f}")


if __name__ == "__main__":
    main()
