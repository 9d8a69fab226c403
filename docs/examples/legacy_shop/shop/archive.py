"""Where the finished reports go."""

import time


class ReportWriter(object):
    def __init__(self, pool):
        self.pool = pool

    def write(self, report):
        """Write the report through a connection of the pool."""
        for attempt in range(3):
            connection = self.pool.acquire()
            try:
                return connection.write(report)
            except OSError:
                if attempt == 2:
                    raise
                time.sleep(1)
