import Formats
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

/// A batch is small in bytes, whatever its texts are, and inputs that are no files are refused at once.
struct BatchSizeTests {
  /// One long word for every row: a small file of texts that are large when written out.
  private func write(_ word: String, rows: Int, dictionary: Bool, _ scratch: Workdir) throws -> String {
    var options = ParquetFixture.Options()
    options.dictionaryPages = dictionary
    options.compression = "zstd"
    let path = try scratch.file("x.parquet")
    let fixture = try ParquetFixture(path: path, options: options)
    for start in stride(from: 0, to: rows, by: 500) {
      let part = start..<min(rows, start + 500)
      try fixture.append([
        ParquetColumn("n", .int64s(part.map(Int64.init))),
        ParquetColumn("t", .string(part.map { $0 % 5 == 0 ? nil : word + "\($0 % 7)" })),
        ParquetColumn("b", .bool(part.map { $0 % 3 == 0 })),
      ])
    }
    try fixture.close()
    return path
  }

  @Test(arguments: [true, false]) func textsOfABatchStayBelowItsBytes(dictionary: Bool) throws {
    let scratch = try Workdir()
    let word = String(repeating: "x", count: 1000)
    let source = try TableSource(paths: [write(word, rows: 3000, dictionary: dictionary, scratch)])
    for limit in [1, 5000, 100_000, 1 << 30] {
      var rows = 0
      var largest = 0
      try source.forEachBatch(batchBytes: limit) { batch in
        guard case .text(let texts) = batch.columns[1].values, case .int64(let numbers) = batch.columns[0].values,
          case .bool(let flags) = batch.columns[2].values
        else { throw FormatError(.damaged, subject: "test", "other types") }
        var bytes = 0
        for row in 0..<batch.rowCount {
          let number = rows + row
          let isRight =
            numbers[row] == number && (flags[row] == 1) == (number % 3 == 0)
            && (batch.columns[1].validity.isPresent(row)
              ? texts.string(row) == word + "\(number % 7)" : number % 5 == 0)
          if !isRight { Issue.record("row \(number) of \(limit)") }
          bytes += texts[row].count
        }
        rows += batch.rowCount
        largest = max(largest, bytes)
      }
      #expect(rows == 3000)
      #expect(largest <= max(limit, 1001), "limit \(limit)")
    }
  }

  @Test func longTextsInASmallFileTakeLittleMemory() throws {
    let scratch = try Workdir()
    let path = try write(String(repeating: "y", count: 100_000), rows: 6000, dictionary: true, scratch)
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect(try #require(size) < 5_000_000)
    let source = try TableSource(paths: [path])
    let before = try peakMemory()
    var bytes = 0
    try source.forEachBatch { batch in
      guard case .text(let texts) = batch.columns[1].values else { return }
      bytes += (0..<batch.rowCount).reduce(0) { $0 + texts[$1].count }
    }
    #expect(bytes > 480_000_000)
    #expect(try peakMemory() - before < 400_000_000, "of a batch there are a few copies, each of about 64 MB")
  }

  /// The most memory that this process ever had, bytes.
  private func peakMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(line.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }.last) * 1024
  }

  @Test(.timeLimit(.minutes(3))) func pipesAndDevicesAreRefusedAtOnce() throws {
    let scratch = try Workdir()
    let pipe = scratch.path + "/pipe.parquet"
    #expect(mkfifo(pipe, 0o600) == 0)
    for (path, kind) in [(pipe, "a pipe"), (scratch.path, "a pipe"), ("/dev/null", "a device")] {
      let error = formatError { _ = try TableSource(paths: [path]) }
      #expect(error?.code == .notReadable, "\(path)")
      #expect(error?.message.contains(kind) == true && error?.message.contains("regular file") == true)
    }
  }

  @Test func pathOfAThousandBytesIsRead() throws {
    let scratch = try Workdir()
    let deep = (0..<10).map { _ in String(repeating: "d", count: 100) }.joined(separator: "/")
    let path = try scratch.file(deep + "/x.parquet")
    try ParquetFixture.write([ParquetColumn("a", .int64([1]))], to: path)
    #expect(try TableSource(paths: [path]).everything() == [[.int(1)]])
    #expect(try TableSource(paths: [scratch.path]).everything() == [[.int(1)]])
  }
}
