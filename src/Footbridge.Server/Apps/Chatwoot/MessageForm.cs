using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>A message with files as the form that Chatwoot reads. Source: docs/chatwoot.md.</summary>
internal static class MessageForm
{
    /// <summary>Objects travel as their JSON; what is null is left out. The files are read from the disk as they are sent.</summary>
    public static MultipartFormDataContent Of(JsonObject message, IReadOnlyList<EntryFile> files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, value) in message)
        {
            if (value is not null) Add(form, new StringContent(value is JsonObject ? value.ToJsonString() : value.ToString()), field, null);
        }

        // Chatwoot from 4.14 on takes the one mark, others the other; who knows neither lets both be.
        if (files.Any(file => file.IsVoice)) foreach (var mark in new[] { "is_voice_message", "is_recorded_audio" }) Add(form, new StringContent("true"), mark, null);
        foreach (var file in files)
        {
            Add(form, new StreamContent(file.Open()) { Headers = { ContentType = MediaTypeHeaderValue.Parse(file.Mimetype) } }, "attachments[]", file.Name);
        }

        return form;
    }

    /// <summary>All in quotes: brackets end a name without them in Chatwoot's reader. A name in other letters goes in the form made for them.</summary>
    private static void Add(MultipartFormDataContent form, HttpContent part, string field, string? fileName)
    {
        var disposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{field}\"" };
        if (fileName is not null)
        {
            disposition.FileName = $"\"{string.Concat(fileName.Select(letter => letter is < ' ' or > '~' or '"' or '\\' ? '_' : letter))}\"";
            if (fileName.Any(letter => letter is < ' ' or > '~' or '"' or '\\')) disposition.FileNameStar = fileName;
        }

        part.Headers.ContentDisposition = disposition;
        form.Add(part);
    }
}
