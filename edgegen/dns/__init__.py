"""DNS: desired minus existing is a plan, which is only applied to records with our mark. Independent of the spec."""
