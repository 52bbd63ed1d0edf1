"""Forms: the workbook that each office fills in, in the chamber's familiar layout, from the plan (docs/schede-uffici.md)."""

from __future__ import annotations

from perfxl.forms.form import Form, FormRow, Forms, Identity
from perfxl.forms.identity import read_identity
from perfxl.forms.job import make_forms
from perfxl.forms.write import write_forms

__all__ = ["Form", "FormRow", "Forms", "Identity", "make_forms", "read_identity", "write_forms"]
