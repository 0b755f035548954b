@echo off
rem Dayu from source: builds the program when there is none or the sources are newer, then runs it. Needs the .NET 10 SDK.
setlocal
set "root=%~dp0"
set "launcher=%root%artifacts\launcher"
set "app=%launcher%\app\dayu.exe"
if not exist "%app%" goto build
powershell -NoProfile -Command "$built = (Get-Item '%launcher%\built').LastWriteTimeUtc; $new = Get-ChildItem '%root%src', '%root%Directory.*.props', '%root%global.json' -Recurse -File | Where-Object LastWriteTimeUtc -gt $built | Select-Object -First 1; exit [int]($null -ne $new)"
if not errorlevel 1 goto run

:build
where dotnet >nul 2>nul || (echo dayu: the .NET 10 SDK is not installed; get it from https://dotnet.microsoft.com/download/dotnet/10.0 1>&2 & exit /b 1)
echo dayu: building (once; again when the sources change) ... 1>&2
if not exist "%launcher%" mkdir "%launcher%"
call :publish true || call :publish false || (type "%launcher%\log" 1>&2 & echo dayu: the build failed; its output is above 1>&2 & exit /b 1)
echo.>"%launcher%\built"

:run
"%app%" %*
exit /b %errorlevel%

:publish
dotnet publish "%root%src\Dayu.Cli" -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=%1 -p:RunAnalyzers=false --artifacts-path "%launcher%" -o "%launcher%\app" -v quiet -nologo >"%launcher%\log" 2>&1
exit /b %errorlevel%
