"""DNS: desired minus existing is a plan; a plan is applied only to records that are marked as ours. Knows no spec."""
