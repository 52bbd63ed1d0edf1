"""Several bodies in one: each consolidated by its own method, side by side, rolled up only with weights that somebody declared.

Source: Piano 2022 of the merged chamber Toscana Nord-Ovest (Lucca, Massa-Carrara, Pisa), which sets the three bodies' plans one
after the other and gives no common figure. METHODS: a percent of one method isn't a percent of another.
"""

from perfxl.bodies.merge import AxisDifference, BodyResult, Merger, SharedFigure, merge
from perfxl.bodies.spec import load_bodies

__all__ = ["AxisDifference", "BodyResult", "Merger", "SharedFigure", "load_bodies", "merge"]
