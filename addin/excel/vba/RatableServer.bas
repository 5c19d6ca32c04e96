Option Explicit
Option Private Module

' The program that answers: found, started with Excel's own bitness, started once more if it has ended.
'
' ratable.exe is started by the COM bridge of xlwings 0.37.8 (BSD 3-Clause), which waits until it has registered itself
' and ends it together with Excel. Nothing here runs any other program.

#If Win64 Then
    Private Const BRIDGE_DLL As String = "xlwings64-0.37.8.dll"
    Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings64-0.37.8.dll" ( _
        ByRef Answer As Variant, ByVal Command As String, ByVal Mode As Long) As Long
#Else
    Private Const BRIDGE_DLL As String = "xlwings32-0.37.8.dll"
    Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings32-0.37.8.dll" ( _
        ByRef Answer As Variant, ByVal Command As String, ByVal Mode As Long) As Long
#End If
Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal FileName As LongPtr) As LongPtr
Private Declare PtrSafe Function GetShortPathNameW Lib "kernel32" ( _
    ByVal LongPath As LongPtr, ByVal ShortPath As LongPtr, ByVal Size As Long) As Long

Public Const RATABLE_TITLE As String = "Ratable"

Private Const FAILED_NUMBER As Long = vbObjectError + 2048
Private Const PYTHON_MODULE As String = "addin.excel.udf_server"
Private Const PROGRAM As String = "ratable.exe"
Private Const START As Long = 1
Private Const MAX_PATH As Long = 260
Private Const PATIENCE As Double = 1 / 1440     ' after a failed start, a minute without another one: no freeze

Private Server As Object
Private NoStartBefore As Date
Private WhyNotStarted As String

' What the program answers to one of its functions; an error that says what to do if it cannot be reached.
Public Function RatableCall(ByVal method As String, ByVal arguments As Variant) As Variant
    Dim again As Boolean
    Dim reason As String

    On Error GoTo Lost
Ask:
    If Server Is Nothing Then StartServer
    RatableCall = Server.CallUDF(PYTHON_MODULE, (method), (arguments))
    Exit Function

Lost:
    reason = Err.Description
    If Server Is Nothing Then RatableFail reason
    Set Server = Nothing
    If again Then
        RatableFail "Ratable does not answer (" & reason & "). Press Refresh to start it " & _
            "once more; if that does not help, start Excel again."
    End If
    again = True
    Resume Ask
End Function

' An error whose text tells the user what to do.
Public Sub RatableFail(ByVal reason As String)
    Err.Raise FAILED_NUMBER, RATABLE_TITLE, reason
End Sub

' Lets the next call try again at once, as someone who has just installed the program expects of Refresh.
Public Sub RatableRetry()
    NoStartBefore = 0
End Sub

Private Sub StartServer()
    Dim answer As Variant
    Dim home As String

    If Now < NoStartBefore Then RatableFail WhyNotStarted
    On Error GoTo Failed
    home = ProgramFolder()
    If LoadLibraryW(StrPtr(BridgePath(home))) = 0 Then
        RatableFail BRIDGE_DLL & " in " & home & " cannot be loaded. Install Ratable again."
    End If
    If XLPyDLLActivateAuto(answer, """" & PlainPath(home & "\" & PROGRAM) & """ udf-server $(CLSID)", START) <> 0 Then
        RatableFail "Ratable did not start: " & CStr(answer) & " A virus scanner may hold " & _
            "back " & home & "\" & PROGRAM & "."
    End If
    Set Server = answer
    Exit Sub

Failed:
    WhyNotStarted = Err.Description
    NoStartBefore = Now + PATIENCE
    RatableFail WhyNotStarted
End Sub

' Where Ratable is installed: for this user, or where the variable RATABLE_HOME says. Never beside a workbook, which
' may have come by mail with a program of that name.
Private Function ProgramFolder() As String
    Dim place As Variant

    For Each place In Array(Environ$("RATABLE_HOME"), Environ$("LOCALAPPDATA") & "\Programs\Ratable", _
            Environ$("ProgramFiles") & "\Ratable")
        If Len(place) > 0 Then
            If IsFile(place & "\" & PROGRAM) Then
                ProgramFolder = place
                Exit Function
            End If
        End If
    Next place
    RatableFail "Ratable is not installed: there is no " & PROGRAM & " in " & _
        Environ$("LOCALAPPDATA") & "\Programs\Ratable. Run its installer, then press Refresh."
End Function

' The bridge lies with the libraries of the program or, where Python installed both, one folder up.
Private Function BridgePath(ByVal home As String) As String
    Dim place As Variant

    For Each place In Array(home & "\_internal\" & BRIDGE_DLL, home & "\" & BRIDGE_DLL, home & "\..\" & BRIDGE_DLL)
        If IsFile(place) Then
            BridgePath = place
            Exit Function
        End If
    Next place
    RatableFail BRIDGE_DLL & " is missing in " & home & ". Install Ratable again."
End Function

Private Function IsFile(ByVal path As String) As Boolean
    On Error Resume Next
    IsFile = (GetAttr(path) And vbDirectory) = 0
End Function

' The bridge takes names in the code page of the machine only: any name beyond ASCII goes by its short form.
Private Function PlainPath(ByVal path As String) As String
    Dim buffer As String
    Dim length As Long

    PlainPath = path
    If IsAscii(path) Then Exit Function
    buffer = String$(MAX_PATH, vbNullChar)
    length = GetShortPathNameW(StrPtr(path), StrPtr(buffer), MAX_PATH)
    If length > 0 And length < MAX_PATH Then PlainPath = Left$(buffer, length)
End Function

Private Function IsAscii(ByVal text As String) As Boolean
    Dim position As Long

    For position = 1 To Len(text)
        If (AscW(Mid$(text, position, 1)) And &HFF80) <> 0 Then Exit Function
    Next position
    IsAscii = True
End Function
