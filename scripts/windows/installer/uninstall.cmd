@echo off
setlocal
set "here=%~dp0"
set "here=%here:~0,-1%"
cd /d "%TEMP%"
if exist "%here%\queuedesk\queuedesk.exe" goto installed
if exist "%here%\queuedesk.old\queuedesk.exe" goto remove
if exist "%here%\queuedesk.old" goto delete
exit /b 1
:installed
"%here%\queuedesk\queuedesk.exe" -m windows_setup ask %*
if errorlevel 1 exit /b 1
rem What an installation left behind that could not delete everything.
if exist "%here%\queuedesk.old" rmdir /s /q "%here%\queuedesk.old" 2>nul
ren "%here%\queuedesk" queuedesk.old && goto remove
"%here%\queuedesk\queuedesk.exe" -m windows_setup is-open %*
exit /b 1
:remove
"%here%\queuedesk.old\queuedesk.exe" -m windows_setup uninstall --folder "%here%" %*
if errorlevel 1 exit /b 1
:delete
rem Something that looks into new programs may hold a file for some seconds.
for /l %%n in (1,1,10) do if exist "%here%\queuedesk.old" (
    rmdir /s /q "%here%\queuedesk.old" 2>nul
    if exist "%here%\queuedesk.old" ping -n 2 127.0.0.1 >nul
)
if exist "%here%\queuedesk.old" exit /b 1
if exist "%here%\queuedesk.new" rmdir /s /q "%here%\queuedesk.new" 2>nul
del "%~f0" & rmdir "%here%" 2>nul & exit /b 0
