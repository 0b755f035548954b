using System.ComponentModel;
using System.Diagnostics;

namespace Dayu.Cli;

/// <summary>Whose turn it is where several programs want the cores.</summary>
static class Priority
{
    /// <summary>Lets others go first; told where the system refuses. Threads that are made afterwards follow.</summary>
    public static void Lower(CommandContext call)
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException or InvalidOperationException)
        {
            call.Out.Warn(call.Say.Text("train.nice.refused", e.Message));
        }
    }
}
