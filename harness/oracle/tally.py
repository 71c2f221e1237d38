"""What was really asked: counted, printed, and judged. A comparison that asks only for denials, or never makes a rule
with some member, agrees with everybody."""

from collections import Counter

from .policy import RULE_MEMBERS

ALLOWED_LEAST = 0.30
MEMBER_LEAST = 100


class Tally:
    def __init__(self):
        self.operations = self.allowed = self.scenes = self.rules = 0
        self.stopped = False
        self.members, self.doors, self.granted = Counter(), Counter(), Counter()

    def stop(self):
        """What comes now is a difference that is being made small; its questions are not those of the comparison."""
        self.stopped = True

    def scene(self, rules):
        if self.stopped:
            return
        self.scenes += 1
        self.rules += len(rules)
        self.members.update(member for rule in rules for member in rule)

    def operation(self, door, allowed):
        if self.stopped:
            return
        self.operations += 1
        self.allowed += allowed
        self.doors[door] += 1
        self.granted[door] += allowed

    def lines(self):
        if self.scenes:
            yield f"{self.scenes} policies with {self.rules} rules, {self.operations} operations"
            yield "members: " + ", ".join(f"{name} {self.members[name]}" for name in sorted(RULE_MEMBERS))
        yield "allowed: " + ", ".join([f"{self._share(self.allowed, self.operations)} in all", *(
            f"{door} {self._share(self.granted[door], count)} of {count}" for door, count in sorted(self.doors.items()))])

    def shortcomings(self):
        """Why this was no test, in words; nothing where it was one."""
        if self.allowed < ALLOWED_LEAST * self.operations or not self.operations:
            yield f"only {self._share(self.allowed, self.operations)} of the operations were allowed"
        for name in sorted(RULE_MEMBERS if self.scenes else ()):
            if self.members[name] < MEMBER_LEAST:
                yield f"only {self.members[name]} rules had the member {name}"

    @staticmethod
    def _share(part, whole):
        return f"{100 * part / max(whole, 1):.0f} %"
