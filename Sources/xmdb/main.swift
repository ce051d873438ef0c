print("xmdb")
