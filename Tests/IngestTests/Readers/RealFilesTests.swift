import Ingest
import Testing

@Suite(.enabled(if: SharedFiles.haveReal, "../shared/real is not here"))
struct RealFilesTests {
  @Test func showsColumns() throws {
    for name in ["gaia.parquet", "catwise.parquet"] {
      let s = try ParquetSource(paths: [SharedFiles.real(name)!])
      print(name, s.rowCount)
      for c in s.columns { print("  ", c.name, c.type, c.arrowType, c.unit ?? "-", c.isNullable) }
      let clock = ContinuousClock()
      var n = 0
      let t = try clock.measure {
        for _ in 0..<10 { try s.forEachBatch { b in n += b.rowCount } }
      }
      print(n, t)
    }
  }
}
