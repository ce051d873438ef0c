import CSQLite
import Formats
import Testing

@testable import SQLExt

@Suite struct TableBridgeTests {
  let journal = Journal()
  let host: SQLHost

  init() throws { host = try SQLHost(tables: [SeriesTable.definition(journal)]) }

  @Test func aTableAnswersWithItsRows() throws {
    #expect(
      try host.rows("SELECT i, x, name FROM xt_series(5)") == [
        "0|0.0|row 0", "1|0.5|row 1", "2|1.0|row 2", "3|NULL|row 3", "4|2.0|row 4",
      ])
    #expect(try host.rows("SELECT rowid, i FROM xt_series(3, 10)") == ["0|0", "1|10", "2|20"])
    #expect(try host.rows("SELECT * FROM xt_series(0)").isEmpty)
  }

  @Test func hiddenColumnsShowTheArguments() throws {
    #expect(try host.value("SELECT count, step, fails_at FROM xt_series(1, 4)") == "1|4|NULL")
    #expect(try host.value("SELECT i FROM xt_series WHERE count = 3 AND step = 7 LIMIT 1 OFFSET 2") == "14")
    #expect(
      try host.rows("SELECT i FROM xt_series(3) WHERE count = 4").isEmpty, "two different values for one argument")
  }

  @Test func aMissingArgumentIsNamed() {
    let message =
      "xt_series: argument 1 (count: number of rows) is required: xt_series(count, [step], [fails_at])"
    #expect(host.message("SELECT * FROM xt_series") == message)
    #expect(host.message("SELECT * FROM xt_series WHERE step = 2") == message)
    #expect(host.message("SELECT * FROM xt_series WHERE i = 2") == message)
    #expect(host.message("SELECT * FROM xt_series(1, 2, 3, 4)") == "too many arguments on xt_series() - max 3")
  }

  @Test func aWrongArgumentIsNamed() {
    #expect(
      host.message("SELECT * FROM xt_series('abc')")
        == "xt_series: argument 1 (count) is 'abc'; expected number of rows, an integer from 0 to 1000000000")
    #expect(
      host.message("SELECT * FROM xt_series(3, 0)")
        == "xt_series: argument 2 (step) is 0; expected difference, an integer from 1 to 1000")
    #expect(host.message("SELECT * FROM xt_series('3', '2.0')") == "no error")
  }

  @Test func aNullArgumentGivesNoRows() throws {
    #expect(try host.rows("SELECT * FROM xt_series(NULL)").isEmpty)
    #expect(
      try host.rows("SELECT v.value, i FROM json_each('[1,null,2]') v, xt_series(v.value)") == [
        "1|0", "2|0", "2|1",
      ])
    #expect(
      try host.rows("SELECT v.value, i FROM json_each('[null,1]') v LEFT JOIN xt_series(v.value)") == [
        "NULL|NULL", "1|0",
      ])
  }

  @Test func anArgumentFromAnotherTableDecidesTheJoinOrder() throws {
    // Written the other way round too: the plan in which the argument is unknown is refused.
    try host.execute("CREATE TABLE t(n INTEGER); INSERT INTO t VALUES (1), (3)")
    #expect(try host.rows("SELECT n, i FROM t, xt_series(t.n)") == ["1|0", "3|0", "3|1", "3|2"])
    #expect(try host.rows("SELECT n, i FROM xt_series(t.n), t ORDER BY n, i") == ["1|0", "3|0", "3|1", "3|2"])
    #expect(try host.rows("SELECT n, s.i FROM t, xt_series s WHERE s.count = t.n AND s.i = 2") == ["3|2"])
    #expect(host.message("SELECT * FROM xt_series(b.i) a, xt_series(a.i) b") == "no query solution")
  }

  @Test func branchesOfAnOrKeepTheirArguments() throws {
    #expect(try host.rows("SELECT i FROM xt_series(100) WHERE i = 3 OR x = 10.0") == ["3", "20"])
    #expect(try host.rows("SELECT i FROM xt_series(100, 2) WHERE i = 4 OR name = 'row 3' AND i < 10") == ["4", "8"])
  }

  @Test func constraintsReachTheScan() throws {
    #expect(
      try host.rows("SELECT i FROM xt_series(1000000) WHERE i BETWEEN 5000 AND 5002") == ["5000", "5001", "5002"])
    #expect(journal.entries.rowsMade == 3)
    #expect(
      try host.plan("SELECT i FROM xt_series(9) WHERE i > 3 AND x < 4 AND name = 'row 1'") == [
        "SCAN xt_series VIRTUAL TABLE INDEX 0:a0,c0.1,c1.3,c2.0;17 count= i> x< name="
      ])
    #expect(try host.rows("SELECT i FROM xt_series(9) WHERE i IN (7, 2, 70)") == ["2", "7"])
  }

  @Test func aPlanSeesConstantsColumnsAndOrder() throws {
    _ = try host.rows("SELECT name FROM xt_series(9) WHERE x < 2.5 ORDER BY i")
    let request = try #require(journal.entries.requests.first)
    #expect(request.arguments == [.integer(9), nil, nil])
    #expect(request.order == [OrderTerm(column: 0, isDescending: false)])
    #expect(request.constraints.map(\.value) == [.real(2.5)])
    #expect(request.constraints.map(\.operator) == [.less])
    #expect((0..<4).map { request.uses(column: $0) } == [true, true, true, false])
    let filter = try #require(journal.entries.filters.first)
    #expect(filter.uses(column: 2) && !filter.uses(column: 3))
  }

  @Test func anOrderThatTheTableProducesIsNotSorted() throws {
    #expect(try host.plan("SELECT i FROM xt_series(9) ORDER BY i").count == 1)
    #expect(try host.plan("SELECT i FROM xt_series(9) ORDER BY i DESC").last == "USE TEMP B-TREE FOR ORDER BY")
    #expect(try host.rows("SELECT i FROM xt_series(3) ORDER BY i DESC") == ["2", "1", "0"])
  }

  @Test(
    arguments: [
      ("SELECT i FROM xt_series(9) LIMIT 2", 2), ("SELECT i FROM xt_series(9) LIMIT 2 OFFSET 3", 5),
      ("SELECT i FROM xt_series(9) WHERE i > 1 ORDER BY i LIMIT 2", 2),
      ("SELECT i FROM xt_series(9) ORDER BY i DESC LIMIT 2", nil),  // SQLite sorts: it needs every row
      ("SELECT i FROM xt_series(9) WHERE name <> 'row 0' LIMIT 2", nil),  // SQLite drops rows
      ("SELECT i FROM xt_series(9) WHERE name = 'ROW 1' COLLATE NOCASE LIMIT 2", nil),
      ("SELECT i FROM xt_series(9) WHERE i IN (1, 2) LIMIT 1", nil), ("SELECT i FROM xt_series(9) LIMIT -1", nil),
      ("SELECT count(*) FROM xt_series(9) LIMIT 1", nil),
    ] as [(String, Int64?)])
  func limitReachesTheScanOnlyWhereItIsTheScans(sql: String, limit: Int64?) throws {
    let rows = try host.rows(sql)
    #expect(journal.entries.filters.map(\.rowLimit) == [limit])
    #expect(try rows == host.rows("SELECT * FROM (\(sql))"))
  }

  @Test func otherCollationsAreLeftToSQLite() throws {
    #expect(try host.rows("SELECT i FROM xt_series(9) WHERE name = 'ROW 1' COLLATE NOCASE") == ["1", "6"])
    #expect(try host.rows("SELECT i FROM xt_series(9) WHERE name = 'ROW 1'").isEmpty)
  }

  @Test func anErrorInTheMiddleOfAScanEndsTheStatement() throws {
    let statement = try OpenStatement("SELECT i FROM xt_series(9, 1, 2)", on: host)
    #expect(try statement.next() == ["0"])
    #expect(try statement.next() == ["1"])
    #expect(throws: SQLFailure(message: "xt_series: row 2 cannot be read", code: SQLITE_CORRUPT)) {
      try statement.next()
    }
    #expect(host.message("SELECT * FROM xt_series(9, 1, 0)") == "xt_series: row 0 cannot be read")
    #expect(host.message("SELECT \"odd name\" FROM xt_series(99)") == "xt_series: thirteen has no odd name")
    #expect(try host.value("SELECT count(*) FROM xt_series(9)") == "9", "and the next statement works")
  }

  @Test func anInterruptedScanEnds() throws {
    var statement: OpenStatement? = try OpenStatement("SELECT i FROM xt_series(1000000000)", on: host)
    for _ in 0..<10 { _ = try statement?.next() }
    xsql_interrupt(host.db)
    #expect(throws: SQLFailure(message: "interrupted", code: SQLITE_INTERRUPT)) { try statement?.next() }
    statement = nil
    #expect(journal.entries.cursorsAlive == 0)
  }

  @Test func manyScansRunSideBySide() throws {
    var statements = try (0..<500).map { try OpenStatement("SELECT i FROM xt_series(3, \($0 % 9 + 1))", on: host) }
    for statement in statements { #expect(try statement.next() == ["0"]) }
    #expect(journal.entries.cursorsAlive == 500)
    for (index, statement) in statements.enumerated() { #expect(try statement.next() == ["\(index % 9 + 1)"]) }
    statements = []
    #expect(journal.entries.cursorsAlive == 0)
    let joined = (0..<12).map { "xt_series(2) AS s\($0)" }.joined(separator: ", ")
    #expect(try host.value("SELECT count(*), sum(s0.i + s11.i) FROM \(joined)") == "4096|4096")
  }

  @Test func aDefinitionMayBeReplacedAndTakenAway() throws {
    let context = try #require(host.context)
    let running = try OpenStatement("SELECT i FROM xt_series(3)", on: host)
    _ = try running.next()
    let other = Journal()
    try context.define(SeriesTable.definition(other))
    #expect(try host.value("SELECT max(i) FROM xt_series(4)") == "3")
    #expect(other.entries.filters.count == 1)
    context.undefine("xt_series")
    #expect(host.message("SELECT * FROM xt_series(4)") == "no such table: xt_series")
    #expect(try running.next() == ["1"])
    #expect(context.definedTables.isEmpty)
  }

  @Test func nothingOutlivesTheConnection() throws {
    weak var context: XMDBContext?
    let journal = Journal()
    do {
      let host = try SQLHost(tables: [SeriesTable.definition(journal)])
      context = host.context
      #expect(context != nil)
      _ = try host.rows("SELECT xm_separation(0, 0, i, 0) FROM xt_series(3)")
    }
    #expect(context == nil)
    #expect(journal.entries.cursorsAlive == 0)
  }

  @Test func aDefinitionHidesNoOtherTable() throws {
    let context = try #require(host.context)
    for name in ["json_each", "JSON_Each", "rtree"] {
      #expect(
        throws: SQLFunctionError("'\(name)' cannot be used as a table's name: an operator of that name exists")
      ) { try context.define(SeriesTable.definition(journal, name: name)) }
    }
    try context.define(SeriesTable.definition(journal, name: "XT_Series"))
    #expect(try host.value("SELECT count(*) FROM json_each('[1]'), xt_series(2)") == "2")
  }

  @Test func namesNeverBecomeSQL() throws {
    let names = ["a\"b", "select", "x); DROP TABLE t; --", "é", "limit", "rowid ", "1st", "with space"]
    let context = try #require(host.context)
    try context.define(NamesTable.definition(names, name: "odd \"table\"; --"))
    for (index, name) in names.enumerated() {
      let sql = "SELECT \(quoted(name)) FROM \(quoted("odd \"table\"; --")) WHERE \(quoted(name)) = \(index)"
      #expect(try host.rows(sql) == ["\(index)"], "\(name)")
    }
    try context.define(NamesTable.definition(["twice", "TWICE"], name: "xt_twice"))
    #expect(
      host.message("SELECT * FROM xt_twice")
        == "xt_twice: its columns cannot be declared: duplicate column name: TWICE")
  }

  @Test func plansAreReadAsTheyWereWritten() {
    let function = NamesTable.definition(["plain", "limit", "a b", "rowid", "used:1", "a0;1 l", "\u{0}"], name: "t")
    var plan = ScanPlan()
    plan.columnsUsed = 0x8000_0000_0000_0001
    plan.tokens = [.argument(0), .limit, .offset, .constraint(column: -1, .equal), .list(column: 2)]
    for column in function.columns.indices {
      for comparison in ConstraintOperator.allCases { plan.tokens.append(.constraint(column: column, comparison)) }
    }
    let withArgument = TableFunction(
      "t", in: .database, parameters: [.text("where it is", "a place")], columns: function.columns, summary: "",
      example: "", make: function.make)
    #expect(ScanPlan(plan.encoded(for: withArgument), for: withArgument) == plan)
    for text in [
      "", ";", "a1;0", "c9.0;0", "c0.99;0", "c0;0", "x;0", "l1;0", "l", "a0;zz", "used:1f", "c-2.0;0", "i;0", "i9;0",
      "i-1;0",
    ] {
      #expect(ScanPlan(text, for: withArgument) == nil, "\(text)")
    }
  }

  @Test func aColumnMayHaveAnyName() throws {
    let context = try #require(host.context)
    let names = ["used", "used:1f", "rowid", "limit", "offset", "a0", "c0.0", "l", "o;", "#1", "xmatch", "IS NULL"]
    try context.define(NamesTable.definition(names, name: "xt_names"))
    for (index, name) in names.enumerated() {
      let column = quoted(name)
      #expect(try host.rows("SELECT \(column) FROM xt_names WHERE \(column) = \(index)") == ["\(index)"], "\(name)")
      #expect(try host.rows("SELECT \(column) FROM xt_names WHERE \(column) = \(index + 1)").isEmpty, "\(name)")
      #expect(try host.rows("SELECT \(column) FROM xt_names WHERE \(column) IS NULL").isEmpty, "\(name)")
    }
  }
}

/// One row: column number n holds n. Takes every equality.
final class NamesTable: VirtualTable {
  static func definition(_ columns: [String], name: String) -> TableFunction {
    TableFunction(
      name, in: .database, columns: columns.map { TableColumn($0, .integer) }, summary: "", example: "", reach: .pure
    ) { _ in NamesTable() }
  }

  func plan(_ request: PlanRequest) throws -> Plan {
    var plan = Plan(cost: 1, rows: 1)
    for constraint in request.constraints where constraint.operator == .equal && constraint.isUsable {
      plan.take(constraint, isExact: true)
    }
    return plan
  }

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor { Cursor(filter) }

  final class Cursor: VirtualCursor {
    private var isDone: Bool
    init(_ filter: FilterRequest) {
      isDone = !filter.constraints.allSatisfy { $0.value == .integer(Int64($0.column)) }
    }
    override var isAtEnd: Bool { isDone }
    override func next() throws { isDone = true }
    override func column(_ index: Int, into result: borrowing ResultContext) throws { result.set(index) }
  }
}
