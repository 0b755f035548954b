using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>Conversations in files: JSON to go on with, Markdown to read.</summary>
static class ChatFiles
{
    static readonly JsonSerializerOptions legible = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Save(CommandContext call, Chat chat, string path) => Write(call, path, new JsonObject
    {
        ["v"] = 1, ["model"] = chat.ModelName,
        ["messages"] = new JsonArray([.. chat.Messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]),
    }.ToJsonString(legible) + "\n");

    public static void Export(CommandContext call, Chat chat, string path)
    {
        var text = new StringBuilder($"# {chat.ModelName}\n");
        foreach (var m in chat.Messages) text.Append($"\n## {Speaker(call.Say, m.Role)}\n\n{m.Content.Trim()}\n");
        Write(call, path, text.ToString());
    }

    static string Speaker(Strings say, string role) => role switch
    {
        "user" => say["chat.you"],
        "assistant" => say["chat.model"],
        _ => role,
    };

    static void Write(CommandContext call, string path, string text)
    {
        if (Path.Exists(path)) { call.Out.Warn(call.Say.Text("chat.file-exists", path)); return; }
        WholeFile.Write(path, Encoding.UTF8.GetBytes(text));
        call.Out.Warn(call.Say.Text("chat.saved", path));
    }

    /// <summary>Takes the place of the conversation so far, once all of it was read.</summary>
    /// <returns>How many messages there are.</returns>
    public static int Load(CommandContext call, Chat chat, string path)
    {
        var file = Path.Combine(call.Terminal.Folder, path);
        try
        {
            var saved = new JsonFields(new JsonText(path, InputFile.Read(file, "/load")).ParseObject(), path);
            List<ChatMessage> messages = [.. saved.RequiredObjects("messages")
                .Select(m => new ChatMessage(m.RequiredText("role"), m.RequiredText("content")))];
            chat.Messages.Clear();
            foreach (var m in messages) chat.Messages.Add(m);
            return messages.Count;
        }
        catch (InvalidDataException e) when (e.InnerException is JsonFault fault)
        {
            throw new CliError(7005, path, JsonErrors.Of(fault));
        }
    }
}
