import CSQLiteBoot
import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@Suite struct LongPathTests {
  @Test func pathThatIsTooLongForSQLiteIsSaidToBe() throws {
    _ = xsql_bootstrap()
    let folder = try Workdir()
    let deep = folder.path((0..<6).map { _ in String(repeating: "d", count: 100) }.joined(separator: "/"))
    try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
    let error = #expect(throws: StoreError.self) { _ = try Connection(path: deep + "/x.sqlite", mode: .bulk) }
    #expect(error?.message.contains("SQLite allows") == true, "\(String(describing: error))")
  }
}
