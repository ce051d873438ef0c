import CSQLite

/// Called by the C entry point of libxmdb.so, with the routine table already stored.
@_cdecl("xmdb_register")
func registerExtension(
  _ connection: OpaquePointer?, _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  guard let connection else { return SQLITE_MISUSE }
  let context = XMDBContext()
  do {
    try SQLInventory.register(on: connection, context: context)
    return SQLITE_OK
  } catch {
    let report = sqliteReport(of: error, in: "libxmdb", context)
    message?.pointee = xsql_copy_message(report.message)
    return report.code
  }
}
