import shared from '@eventstore/db-client/generated/serverfeatures_pb.js';

const service = 'event_store.client.streams.streams';

/** Which calls the server knows, in lower case, as the real one tells it. */
export function supportedMethods(appends: 'batch' | 'classic'): shared.SupportedMethods {
  const methods = new shared.SupportedMethods();
  methods.setEventStoreServerVersion('24.6.0');
  const names: Record<string, string[]> = {
    read: ['position', 'events'],
    append: [],
    delete: [],
    tombstone: [],
    ...(appends === 'batch' ? { batchappend: ['deadline_duration'] } : {}),
  };
  for (const [name, features] of Object.entries(names)) {
    const method = new shared.SupportedMethod();
    method.setServiceName(service);
    method.setMethodName(name);
    method.setFeaturesList(features);
    methods.addMethods(method);
  }
  return methods;
}
