import Formats
import Simulation

/// One of the two files: rows of a simulated catalogue as Parquet, with the names, units and UCDs that ingest recognises.
final class SimulatedFile {
  private let columns: [SimulatedColumn]
  private let writer: ParquetWriter

  init(path: String, columns: [SimulatedColumn]) throws {
    self.columns = columns
    writer = try ParquetWriter(path: path, columns: columns.map(\.field))
  }

  var path: String { writer.path }

  func append(_ rows: CatalogueRows) throws { try writer.append(columns.map { $0.values(rows) }) }

  func publish() throws { try writer.publish() }
}
