"""Back office of the shop: orders in, parcels out.

Nobody has touched most of this since the warehouse move. It works.
"""

__version__ = "4.12.1"
