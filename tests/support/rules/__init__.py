"""The rules that `tests.support.page` applies; each yields faults written `rule: detail`."""
