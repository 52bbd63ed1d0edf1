"""What Italian public mail puts around a sheet, taken off: bytes in, sheets out (docs/giro-involucri.md).

Archives, messages (.eml, Outlook's .msg, mbox), certified mail (PEC) and digital signatures (.p7m), one inside the other in any
order. Nothing is written, nothing is fetched, nothing is run; what holds no sheet becomes a finding.
"""

from perfxl.mail.parcel import LIMITS, Found, Limits, PecReceipt, Problem, Signature, Unwrapped
from perfxl.mail.unwrap import unwrap

__all__ = ["LIMITS", "Found", "Limits", "PecReceipt", "Problem", "Signature", "Unwrapped", "unwrap"]
