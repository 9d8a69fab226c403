"""The effectful drivers: functions, the decorator, blocks. They call, sleep and await; `decide` decides.

Their public names are in `mulligan`.
"""
