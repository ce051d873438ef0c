internal import CSQLite

@_cdecl("xmdb_register")
func xmdbRegister(_ db: OpaquePointer?, _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt { 0 }
