Option Explicit
Option Private Module

' Between a worksheet function and the program: arguments are copied out of their cells, the book is found, errors
' become true errors of Excel, and the reason of each is kept for RATABLE_WHY.

Public Const RATABLE_MARK As String = "#RATABLE!"    ' #RATABLE!2042|reason
Private Const NO_BOOK As String = "#RATABLE!BOOK|"   ' the program does not know the book (any more)
Private Const SEPARATOR As String = "|"
Private Const LONGEST_EVALUATED As Long = 255        ' characters that Worksheet.Evaluate takes

Private Books As Object        ' workbook -> text of the book in its tables, until one of its cells changes
Private Reasons As Object      ' cell -> why it shows an error
Private Calls As Collection    ' of the cell whose formula is being looked into, else Nothing
Private Inside As Workbook     ' of the cell whose formula is being evaluated by a macro, else Nothing

' The answer of a formula that needs no book.
Public Function RatableAnswer(ByVal formula As String, ByVal arguments As Variant) As Variant
    On Error GoTo Failed
    arguments = Snapshots(arguments)
    NoteCall formula, arguments
    RatableAnswer = Shown(RatableCall("ask", Array(formula, arguments, FromYear1904())))
    Exit Function

Failed:
    RatableAnswer = Failure(Err.Description)
End Function

' The answer of a formula about a book: the text in the cell of RATABLE_BOOK, or the tables of the calling workbook.
Public Function RatableAnswerAbout(ByVal formula As String, ByVal arguments As Variant, _
        Optional ByVal book As Variant) As Variant
    Dim answer As Variant
    Dim last As Long

    On Error GoTo Failed
    last = UBound(arguments)
    arguments = Snapshots(arguments)
    arguments(last) = BookText(book)
    answer = RatableCall("ask", Array(formula, arguments, FromYear1904()))
    If IsUnknownBook(answer) Then
        arguments(last) = BookReadAgain(book)
        answer = RatableCall("ask", Array(formula, arguments, FromYear1904()))
    End If
    NoteCall formula, arguments
    RatableAnswerAbout = Shown(answer)
    Exit Function

Failed:
    RatableAnswerAbout = Failure(Err.Description)
End Function

' The text of the book in some tables, given as ranges with their headers; of the calling workbook if none is given.
Public Function RatableBookOf(ByVal tables As Variant) As Variant
    Dim found() As Variant
    Dim filled As Long
    Dim number As Long
    Dim names As Variant
    Dim source As Workbook

    On Error GoTo Failed
    names = Split(RATABLE_TABLES, ",")
    ReDim found(0 To UBound(tables))
    For number = 0 To UBound(tables)
        If TypeName(tables(number)) = "Range" Then
            found(filled) = Placed(names(number), tables(number))
            filled = filled + 1
            Set source = tables(number).Worksheet.Parent
        ElseIf Not IsLeftOut(tables(number)) Then
            RatableBookOf = CVErr(xlErrValue)
            Remember CallingCell(), 0, 0, "A table must be a range with its header row, as " & names(number) & "[#All]."
            Exit Function
        End If
    Next number
    If filled = 0 Then
        RatableBookOf = Shown(RatableBookIn(CallingWorkbook()))
    Else
        ReDim Preserve found(0 To filled - 1)
        RatableBookOf = Shown(RatableCall("read", Array(found, source.Date1904, source.FullName)))
    End If
    Exit Function

Failed:
    RatableBookOf = Failure(Err.Description)
End Function

' Why a Ratable formula in a cell shows an error, and what to do about it; blank if it shows none.
Public Function RatableReason(ByVal cell As Range) As String
    Dim place As String

    If Not IsError(cell.Cells(1, 1).Value2) Then Exit Function
    place = PlaceOf(cell.Cells(1, 1))
    If Not Reasons Is Nothing Then
        If Reasons.Exists(place) Then
            RatableReason = Reasons(place)
            Exit Function
        End If
    End If
    RatableReason = "The reason is no longer known. Calculate the cell again: F2, Enter."
End Function

' The text of the book in the tables of a workbook, saved or not; read once until a cell of the workbook changes.
Public Function RatableBookIn(ByVal source As Workbook) As Variant
    Dim answer As Variant

    If Books Is Nothing Then Set Books = CreateObject("Scripting.Dictionary")
    ThisWorkbook.ListenToChanges
    If Not Books.Exists(source.FullName) Then
        answer = RatableCall("read", Array(TablesOf(source), source.Date1904, source.FullName))
        If Left$(answer, Len(RATABLE_MARK)) = RATABLE_MARK Then
            RatableBookIn = answer
            Exit Function
        End If
        Books(source.FullName) = answer
    End If
    RatableBookIn = Books(source.FullName)
End Function

' A cell of a workbook has changed: its tables are read anew when next asked about.
Public Sub RatableForget(ByVal source As Workbook)
    If Books Is Nothing Then Exit Sub
    If Books.Exists(source.FullName) Then Books.Remove source.FullName
End Sub

' The calls of Ratable functions in the formula of a cell, each a formula's name and its arguments.
Public Function RatableCallsIn(ByVal cell As Range) As Variant
    Dim found() As Variant
    Dim noted As Collection
    Dim number As Long

    If Len(cell.Formula) > LONGEST_EVALUATED Then
        RatableFail "The formula is longer than " & LONGEST_EVALUATED & " characters, and Excel lets no macro look " & _
            "into it. Put the call of Ratable into a cell of its own, and select that."
    End If
    Set noted = New Collection
    Set Calls = noted
    Evaluated cell
    Set Calls = Nothing
    If noted.Count > 0 Then
        ReDim found(0 To noted.Count - 1)
        For number = 1 To noted.Count
            found(number - 1) = noted(number)
        Next number
        RatableCallsIn = found
    End If
End Function

' What the formula of a cell answers; an error of Excel if it cannot be evaluated.
Private Function Evaluated(ByVal cell As Range) As Variant
    On Error Resume Next
    Evaluated = CVErr(xlErrValue)
    Set Inside = cell.Worksheet.Parent
    Evaluated = cell.Worksheet.Evaluate(cell.Formula)
    Set Inside = Nothing
End Function

Private Sub NoteCall(ByVal formula As String, ByVal arguments As Variant)
    If Not Calls Is Nothing Then Calls.Add Array(formula, arguments)
End Sub

' ---- arguments

Private Function Snapshots(ByVal arguments As Variant) As Variant
    Dim number As Long
    Dim copies() As Variant

    ReDim copies(0 To UBound(arguments))
    For number = 0 To UBound(arguments)
        copies(number) = Snapshot(arguments(number))
    Next number
    Snapshots = copies
End Function

' Value2, because Value cuts currency cells to four decimals and takes longer.
Private Function Snapshot(Optional ByVal argument As Variant) As Variant
    If TypeName(argument) = "Range" Then
        Snapshot = CellsInUse(argument).Value2
    Else
        Snapshot = argument
    End If
End Function

' A whole column or row as far as its sheet is used; any other range as it is.
Private Function CellsInUse(ByVal block As Range) As Range
    Dim used As Range
    Dim height As Long
    Dim width As Long

    If block.Areas.Count > 1 Then
        RatableFail "A range must be one block of cells; this one has " & block.Areas.Count & "."
    End If
    height = block.Rows.Count
    width = block.Columns.Count
    Set used = block.Worksheet.UsedRange
    If height = block.Worksheet.Rows.Count Then height = Within(used.Row + used.Rows.Count - block.Row, height)
    If width = block.Worksheet.Columns.Count Then width = Within(used.Column + used.Columns.Count - block.Column, width)
    Set CellsInUse = block.Resize(height, width)
End Function

Private Function Within(ByVal number As Long, ByVal most As Long) As Long
    Within = number
    If number < 1 Then Within = 1
    If number > most Then Within = most
End Function

Private Function IsLeftOut(Optional ByVal argument As Variant) As Boolean
    IsLeftOut = IsMissing(argument)
End Function

' ---- the book

Private Function BookText(Optional ByVal book As Variant) As Variant
    If IsMissing(book) Then
        BookText = RatableBookIn(CallingWorkbook())
    Else
        BookText = Snapshot(book)
        If IsEmpty(BookText) Then BookText = RatableBookIn(CallingWorkbook())
    End If
    If VarType(BookText) = vbString Then
        If Left$(BookText, Len(RATABLE_MARK)) = RATABLE_MARK Then
            RatableFail Mid$(BookText, InStr(BookText, SEPARATOR) + 1)
        End If
    End If
End Function

' The program has ended since the cell of RATABLE_BOOK was calculated, or the file was opened with that cell's old
' value: its formula is evaluated once more, which reads the tables again.
Private Function BookReadAgain(Optional ByVal book As Variant) As Variant
    Dim cell As Range

    If TypeName(book) = "Range" Then
        Set cell = book
        If cell.Cells.Count = 1 And cell.HasFormula Then
            BookReadAgain = Evaluated(cell)
            If IsError(BookReadAgain) Then
                RatableFail "The book in " & cell.Address(False, False) & " has to be read again: press Refresh."
            End If
            Exit Function
        End If
    End If
    RatableForget CallingWorkbook()
    BookReadAgain = BookText(book)
End Function

Private Function IsUnknownBook(ByVal answer As Variant) As Boolean
    If VarType(answer) = vbString Then IsUnknownBook = Left$(answer, Len(NO_BOOK)) = NO_BOOK
End Function

' The tables of a book in a workbook: Excel Tables by name, else whole sheets by name.
Private Function TablesOf(ByVal source As Workbook) As Variant
    Dim found() As Variant
    Dim filled As Long
    Dim wanted As Variant
    Dim block As Range

    ReDim found(0 To UBound(Split(RATABLE_TABLES, ",")))
    For Each wanted In Split(RATABLE_TABLES, ",")
        Set block = TableIn(source, wanted)
        If Not block Is Nothing Then
            found(filled) = Placed(wanted, block)
            filled = filled + 1
        End If
    Next wanted
    If filled = 0 Then
        RatableFail source.Name & " has no tables of a book. Press New for a workbook with them."
    End If
    ReDim Preserve found(0 To filled - 1)
    TablesOf = found
End Function

' An Excel Table may not have the name of a formula, so Billings may also be called BillingsTable.
Private Function TableIn(ByVal source As Workbook, ByVal wanted As String) As Range
    Dim sheet As Worksheet
    Dim table As ListObject

    For Each sheet In source.Worksheets
        For Each table In sheet.ListObjects
            If LCase$(table.Name) = LCase$(wanted) Or LCase$(table.Name) = LCase$(wanted & "Table") Then
                Set TableIn = table.Range
                If table.ShowTotals Then Set TableIn = TableIn.Resize(TableIn.Rows.Count - 1)
                Exit Function
            End If
        Next table
    Next sheet
    For Each sheet In source.Worksheets
        If LCase$(sheet.Name) = LCase$(wanted) Then Set TableIn = sheet.UsedRange
    Next sheet
End Function

Private Function Placed(ByVal table As String, ByVal block As Range) As Variant
    Dim used As Range

    Set used = CellsInUse(block)
    Placed = Array(table, used.Value2, used.Worksheet.Name, used.Row, used.Column)
End Function

Private Function CallingWorkbook() As Workbook
    Dim cell As Range

    Set cell = CallingCell()
    If Not Inside Is Nothing Then
        Set CallingWorkbook = Inside
    ElseIf cell Is Nothing Then
        Set CallingWorkbook = ActiveWorkbook
    Else
        Set CallingWorkbook = cell.Worksheet.Parent
    End If
    If CallingWorkbook Is Nothing Then RatableFail "Open the workbook with your tables first."
End Function

' The first cell of the formula that is being calculated; Nothing when a macro asks.
Private Function CallingCell() As Range
    If TypeName(Application.Caller) = "Range" Then Set CallingCell = Application.Caller.Cells(1, 1)
End Function

Private Function FromYear1904() As Boolean
    FromYear1904 = CallingWorkbook().Date1904
End Function

' ---- answers

Private Function Shown(ByVal answer As Variant) As Variant
    Dim cell As Range
    Dim down As Long
    Dim across As Long

    Set cell = CallingCell()
    If IsArray(answer) Then
        For down = LBound(answer, 1) To UBound(answer, 1)
            For across = LBound(answer, 2) To UBound(answer, 2)
                answer(down, across) = ShownAt(answer(down, across), cell, _
                    down - LBound(answer, 1), across - LBound(answer, 2))
            Next across
        Next down
        Shown = answer
    Else
        Shown = ShownAt(answer, cell, 0, 0)
    End If
End Function

Private Function ShownAt(ByVal answer As Variant, ByVal cell As Range, ByVal down As Long, ByVal across As Long) _
        As Variant
    Dim bar As Long

    If VarType(answer) = vbString Then
        If Left$(answer, Len(RATABLE_MARK)) = RATABLE_MARK Then
            bar = InStr(answer, SEPARATOR)
            Remember cell, down, across, Mid$(answer, bar + 1)
            ShownAt = CVErr(ErrorNumber(Mid$(answer, Len(RATABLE_MARK) + 1, bar - Len(RATABLE_MARK) - 1)))
            Exit Function
        End If
    End If
    ShownAt = answer
End Function

Private Function ErrorNumber(ByVal text As String) As Long
    ErrorNumber = xlErrRef
    If IsNumeric(text) Then ErrorNumber = CLng(text)
End Function

' Ratable cannot be reached, or cannot be asked this: #REF!, with what to do in RATABLE_WHY and on the status bar.
Private Function Failure(ByVal reason As String) As Variant
    On Error Resume Next
    Remember CallingCell(), 0, 0, reason
    Application.StatusBar = Left$(RATABLE_TITLE & ": " & reason, 255)
    Failure = CVErr(xlErrRef)
End Function

Private Sub Remember(ByVal cell As Range, ByVal down As Long, ByVal across As Long, ByVal reason As String)
    If cell Is Nothing Then Exit Sub
    If Reasons Is Nothing Then Set Reasons = CreateObject("Scripting.Dictionary")
    Reasons(PlaceOf(cell.Offset(down, across))) = reason
End Sub

Private Function PlaceOf(ByVal cell As Range) As String
    PlaceOf = cell.Address(External:=True)
End Function
