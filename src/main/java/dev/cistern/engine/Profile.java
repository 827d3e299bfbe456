package dev.cistern.engine;

/**
 * What is fixed about an engine.
 *
 * @param port port that clients connect to, inside the pods and on the Service
 * @param portName name of that port
 * @param dataPath where the volume is mounted
 * @param uid user and group id of the processes
 */
public record Profile(int port, String portName, String dataPath, long uid) {}
