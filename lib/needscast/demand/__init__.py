"""Aid demand: standards into quantities by item, zone and week, their weight and price, supply and gap."""

from needscast.demand.logistics import Crossings
from needscast.demand.orders import Order
from needscast.demand.passage import Load, load_of
from needscast.demand.quantity import Caseload, Displaced, quantity
from needscast.demand.response import all_sectors, response
from needscast.demand.schedule import purchase_plan
from needscast.demand.sector import NOT_PUBLIC, ItemDemand, SectorDemand, sector_demand
from needscast.demand.stockout import StockOut, stock_out
from needscast.demand.supply import Gap, arrivals, gap, known_supply

__all__ = [
    "NOT_PUBLIC",
    "Caseload",
    "Crossings",
    "Displaced",
    "Gap",
    "ItemDemand",
    "Load",
    "Order",
    "SectorDemand",
    "StockOut",
    "all_sectors",
    "arrivals",
    "gap",
    "known_supply",
    "load_of",
    "purchase_plan",
    "quantity",
    "response",
    "sector_demand",
    "stock_out",
]
