using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Workers.Calls;

/// <summary>What a worker asks of the doctor.</summary>
internal sealed class DoctorCalls(IDoctorGate doctor) : IWorkerCallSet
{
    public void AddTo(WorkerCallTable table)
    {
        table.Add("doctor.drift", async (a, ct) => (JsonNode?)await doctor.LookForDriftAsync(a.Text(0), ct));
        table.Add("doctor.examine", async (a, ct) => (JsonNode?)await doctor.ExamineAsync(a.Text(0), a.Number(1) == 1, ct));
    }
}
