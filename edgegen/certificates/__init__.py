"""What a certificate says, which names it covers, how late it is and who issued it. Pure."""
